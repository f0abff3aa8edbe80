"""The picture of one trial for whoever improves detection: what was felt, what was true, what was decided and why."""
