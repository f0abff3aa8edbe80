"""Other people's rules, plainly put, to compare with: they see a whole recording at once and never run on a board.

PEERS is the one place to add another.
"""

from typing import Final

from backbeat_host.lab.peers import dip_impact_lying, dip_peak, low_pass_steps, peak
from backbeat_host.lab.peers.peer import Peer

PEERS: Final[tuple[Peer, ...]] = (peak.PEER, dip_peak.PEER, dip_impact_lying.PEER, low_pass_steps.PEER)
