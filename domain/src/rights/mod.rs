//! What gives a container rights on its host: facts only, no judgement.
//!
//! The policy of hosts (`policy`) and the rules about security (`check`) both use these facts, so that they never differ about
//! what reaches out of a container. What is refused, and what is only pointed out, is decided there. Texts are those that the
//! engine reads: variables are already replaced.

mod capabilities;
mod folders;
mod namespaces;
mod paths;
mod security_options;
mod sockets;
mod volumes;

pub use capabilities::{capability_name, host_right, is_ordinary, wide_right};
pub use folders::{Exposure, exposure, is_harmless};
pub use namespaces::{NAMESPACES, Namespace, Sharing};
pub use paths::{is_within, normal};
pub use security_options::{switched_off, takes_away};
pub use sockets::{SOCKETS, leads_to_socket, overlaps};
pub use volumes::{mount_flags, mounts_folder};
