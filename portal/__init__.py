"""Certway: from gap analysis to the ISO/IEC 20000-1 certificate, with evidence an auditor can trust."""
