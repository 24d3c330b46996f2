"""The AWS account that stacks on this machine run in: made up, and the same for moto and the emulator."""

from typing import Final

REGION: Final = "eu-central-1"
ACCOUNT: Final = "123456789012"
STACK_NAME: Final = "khobor"
