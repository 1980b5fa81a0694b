"""Pictures of what a config will do: its schedule, and what happens when."""

from mmscaffold.pictures.chart import Chart, Line, Mark, Span, schedule_chart

__all__ = ["Chart", "Line", "Mark", "Span", "schedule_chart"]
