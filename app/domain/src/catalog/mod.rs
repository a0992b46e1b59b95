//! Well-known apps: what to write when one is added, and how two of them are wired.
