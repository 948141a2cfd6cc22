"""What processing does: takes jobs from who may upload, shows how far they are, and does them."""

from subgraphs.processing.service.jobs import Jobs
from subgraphs.processing.service.work import Transcoding

__all__ = ["Jobs", "Transcoding"]
