"""Move configs onto a project's classes: plan, apply, verify."""

from mmscaffold.migrate.plan import FilePlan, MigrationPlan
from mmscaffold.migrate.planner import plan_migration
from mmscaffold.migrate.write import write_plan

__all__ = ["FilePlan", "MigrationPlan", "plan_migration", "write_plan"]
