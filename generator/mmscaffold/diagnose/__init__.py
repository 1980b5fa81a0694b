"""Read the log of a run that went wrong, and name the likely causes."""

from mmscaffold.diagnose.causes import CAUSES, Cause
from mmscaffold.diagnose.deaths import DEATHS, Death
from mmscaffold.diagnose.diagnosis import Diagnosis, Ending, RunDiagnosis, diagnose
from mmscaffold.diagnose.ranking import LikelyCause
from mmscaffold.diagnose.story import Story
from mmscaffold.diagnose.symptom import Evidence, SeenSymptom, Symptom
from mmscaffold.diagnose.symptoms import all_symptoms

__all__ = [
    "CAUSES",
    "DEATHS",
    "Cause",
    "Death",
    "Diagnosis",
    "Ending",
    "Evidence",
    "LikelyCause",
    "RunDiagnosis",
    "SeenSymptom",
    "Story",
    "Symptom",
    "all_symptoms",
    "diagnose",
]
