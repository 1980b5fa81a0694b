"""Python code as the rules see it: classes with their whole lineage, loops as steps."""

from mmscaffold.check.code.classes import ClassView, Code
from mmscaffold.check.code.flow import Flow, Step, flow_of

__all__ = ["ClassView", "Code", "Flow", "Step", "flow_of"]
