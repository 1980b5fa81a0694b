"""Move configs onto a project's classes, or to another length: plan, apply, verify."""

from mmscaffold.migrate.plan import FilePlan, MigrationPlan
from mmscaffold.migrate.planner import plan_migration
from mmscaffold.migrate.task import NewLength, NewUnit, Step, Task
from mmscaffold.migrate.write import write_plan

__all__ = [
    "FilePlan",
    "MigrationPlan",
    "NewLength",
    "NewUnit",
    "Step",
    "Task",
    "plan_migration",
    "write_plan",
]
