"""Read the log of a run that went wrong, and name the likely causes."""

from mmscaffold.diagnose.causes import CAUSES, Cause
from mmscaffold.diagnose.diagnosis import Diagnosis, RunDiagnosis, diagnose
from mmscaffold.diagnose.ranking import Likely
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, Seen, Symptom
from mmscaffold.diagnose.symptoms import all_symptoms

__all__ = [
    "CAUSES",
    "Cause",
    "Diagnosis",
    "Evidence",
    "Likely",
    "RunDiagnosis",
    "Seen",
    "Story",
    "Symptom",
    "all_symptoms",
    "diagnose",
]
