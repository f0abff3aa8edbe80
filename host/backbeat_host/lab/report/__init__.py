"""A report of the bench in the forms it leaves in: tables for people (terminal and HTML), JSON for programs."""
