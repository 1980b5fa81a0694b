"""What a log can show, and how it is seen."""

from mmscaffold.diagnose.symptoms.all import find_symptoms, unknowable
from mmscaffold.diagnose.symptoms.symptom import Evidence, Seen, Symptom

__all__ = ["Evidence", "Seen", "Symptom", "find_symptoms", "unknowable"]
