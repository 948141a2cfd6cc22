"""What the students domain does."""

from subgraphs.students.service.learning import Learning
from subgraphs.students.service.students import Profile, Students

__all__ = ["Learning", "Profile", "Students"]
