"""Python code as the rules see it: classes with their whole lineage, methods as steps."""

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.flow import Flow
from mmscaffold.check.code.flow_reader import flow_of
from mmscaffold.check.code.steps import Step

__all__ = ["ClassView", "Code", "Flow", "Step", "flow_of"]
