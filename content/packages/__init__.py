"""Packages as they come from other software: read with distrust, and nothing is unpacked before all of it is judged."""

from content.packages.plan import PackagePlan, Standard, UnitPlan, plan_read
from ecosystem.archives import Archive, PackageError, archive_read

__all__ = ["Archive", "PackageError", "PackagePlan", "Standard", "UnitPlan", "archive_read", "plan_read"]
