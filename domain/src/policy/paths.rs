//! Paths on the host that a stack is allowed to use.

use std::collections::BTreeMap;

use crate::rights::{SOCKETS, is_within, normal, overlaps};

/// Facts about the host that the rules need.
pub struct Surroundings<'a> {
    /// The name of the compose project.
    pub stack: &'a str,
    /// Named volumes of the host, each with the compose project that made it.
    pub volumes: &'a BTreeMap<String, Option<String>>,
    /// The folder of the stack that its containers and files may use.
    pub project: &'a str,
    /// The folder of the agent's own files, which no container may read.
    pub agent: &'a str,
    /// Sockets of the container engine outside the usual places.
    pub sockets: &'a [String],
    /// Follows symbolic links as far as the path exists; `None` if that fails.
    pub real_path: &'a dyn Fn(&str) -> Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The path is in the stack's own folder, or in a root that the policy names.
    Allowed,
    Outside,
    /// The path is, or contains, a socket of the engine.
    Socket,
    /// The path is, contains, or lies in the agent's own folder.
    Agent,
}

impl Surroundings<'_> {
    /// Where a path leads after following symbolic links.
    pub fn reach(&self, path: &str, roots: &[String]) -> Reach {
        let Some(written) = normal(path) else { return Reach::Outside };
        let Some(real) = (self.real_path)(&written).and_then(|path| normal(&path)) else {
            return Reach::Outside;
        };
        let project = self.real(self.project);
        let agent = self.real(self.agent);
        if is_within(&real, &project) {
            return Reach::Allowed;
        }
        if is_within(&real, &agent) || is_within(&agent, &real) {
            // A root above the agent's folder does not allow access to that folder.
            return if is_within(&agent, &real) && self.holds_socket(&written, &real) {
                Reach::Socket
            } else {
                Reach::Agent
            };
        }
        if self.holds_socket(&written, &real) {
            return Reach::Socket;
        }
        let allowed = roots.iter().any(|root| is_within(&real, &self.real(root)));
        if allowed { Reach::Allowed } else { Reach::Outside }
    }

    fn real(&self, path: &str) -> String {
        let real = (self.real_path)(path).and_then(|path| normal(&path));
        real.or_else(|| normal(path)).unwrap_or_else(|| path.to_owned())
    }

    fn holds_socket(&self, written: &str, real: &str) -> bool {
        let known = SOCKETS.iter().copied().chain(self.sockets.iter().map(String::as_str));
        known.into_iter().any(|socket| {
            overlaps(written, socket) || overlaps(real, socket) || overlaps(real, &self.real(socket))
        })
    }
}
