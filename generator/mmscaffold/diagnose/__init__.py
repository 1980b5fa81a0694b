"""Read the log of a run that went wrong, and name the likely causes."""

from mmscaffold.diagnose.causes import CAUSES, Cause
from mmscaffold.diagnose.diagnosis import Diagnosis, RunDiagnosis, diagnose
from mmscaffold.diagnose.ranking import LikelyCause
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, SeenSymptom, Symptom
from mmscaffold.diagnose.symptoms import all_symptoms

__all__ = [
    "CAUSES",
    "Cause",
    "Diagnosis",
    "Evidence",
    "LikelyCause",
    "RunDiagnosis",
    "SeenSymptom",
    "Story",
    "Symptom",
    "all_symptoms",
    "diagnose",
]
