//! The host ports that are in use, on any address.

use std::collections::HashMap;

use crate::compose::Protocol;

/// The ports in use. There is one flag for each port, because a hostile file may contain ranges of any length.
#[derive(Default)]
pub struct TakenPorts {
    by_protocol: HashMap<Protocol, Vec<bool>>,
}

impl TakenPorts {
    pub fn take(&mut self, protocol: Protocol, (first, last): (u16, u16)) {
        let ports =
            self.by_protocol.entry(protocol).or_insert_with(|| vec![false; usize::from(u16::MAX) + 1]);
        if let Some(range) = ports.get_mut(usize::from(first)..=usize::from(last)) {
            range.fill(true);
        }
    }

    /// The first free range of the same length after the wanted one.
    pub fn next_free(&self, protocol: Protocol, (first, last): (u16, u16)) -> Option<(u16, u16)> {
        let length = last.checked_sub(first)?;
        // Ports below 1024 belong to well-known services: continue above them.
        let mut start = if first < 1024 { first + 8000 } else { first.checked_add(1)? };
        loop {
            let end = start.checked_add(length)?;
            let range = self
                .by_protocol
                .get(&protocol)
                .and_then(|all| all.get(usize::from(start)..=usize::from(end)));
            // Continue after the last port that is in use.
            match range.and_then(|range| range.iter().rposition(|taken| *taken)) {
                Some(at) => start = start.checked_add(u16::try_from(at + 1).ok()?)?,
                None => return Some((start, end)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Protocol::Tcp, Protocol::Udp, TakenPorts};

    #[test]
    fn a_range_is_found_behind_what_is_taken() {
        let mut taken = TakenPorts::default();
        taken.take(Tcp, (9000, 9003));
        taken.take(Tcp, (9005, 9005));
        assert_eq!(taken.next_free(Tcp, (9000, 9000)), Some((9004, 9004)));
        assert_eq!(taken.next_free(Tcp, (9000, 9001)), Some((9006, 9007)));
        assert_eq!(taken.next_free(Udp, (9000, 9000)), Some((9001, 9001)));
        assert_eq!(taken.next_free(Tcp, (80, 80)), Some((8080, 8080)));
        assert_eq!(taken.next_free(Tcp, (1, 65535)), None);
        assert_eq!(taken.next_free(Tcp, (65535, 65535)), None);
    }
}
