//! Ports that programs of the host listen on, from the kernel's own tables.
//! <https://docs.kernel.org/networking/proc_net_tcp.html>

use std::{
    collections::BTreeSet,
    fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listener {
    pub address: IpAddr,
    pub port: u16,
    pub protocol: &'static str,
}

impl Listener {
    /// `None`: on all addresses. A socket on `::` usually accepts IPv4 too; the tables do not say when it does not.
    pub fn alone_on(&self) -> Option<IpAddr> {
        let address = self.address.to_canonical();
        (address != IpAddr::V6(Ipv6Addr::UNSPECIFIED)).then_some(address)
    }
}

pub fn all() -> BTreeSet<Listener> {
    let tables = [
        ("tcp", "/proc/net/tcp"),
        ("tcp", "/proc/net/tcp6"),
        ("udp", "/proc/net/udp"),
        ("udp", "/proc/net/udp6"),
    ];
    tables
        .into_iter()
        .flat_map(|(protocol, path)| {
            let text = fs::read_to_string(path).unwrap_or_default();
            text.lines().skip(1).filter_map(|line| read(line, protocol)).collect::<Vec<_>>()
        })
        .collect()
}

fn read(line: &str, protocol: &'static str) -> Option<Listener> {
    let mut fields = line.split_whitespace().skip(1);
    let (address, port) = fields.next()?.split_once(':')?;
    let state = fields.nth(1)?;
    // TCP: listening. UDP: not connected to a peer.
    let waits = if protocol == "tcp" { state == "0A" } else { state == "07" };
    let port = u16::from_str_radix(port, 16).ok().filter(|port| *port > 0)?;
    waits.then_some(())?;
    let words: Vec<u32> = (0..address.len() / 8)
        .filter_map(|at| u32::from_str_radix(address.get(at * 8..at * 8 + 8)?, 16).ok())
        .collect();
    // The addresses are in the byte order of the machine.
    let address = match words.as_slice() {
        [word] => IpAddr::V4(Ipv4Addr::from(word.to_ne_bytes())),
        [a, b, c, d] => {
            let mut bytes = [0u8; 16];
            for (at, word) in [a, b, c, d].into_iter().enumerate() {
                bytes[at * 4..at * 4 + 4].copy_from_slice(&word.to_ne_bytes());
            }
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
        _ => return None,
    };
    Some(Listener { address, port, protocol })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_endian = "little")]
    fn lines_of_the_kernel_are_read() {
        let line = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0";
        assert_eq!(
            read(line, "tcp"),
            Some(Listener { address: "127.0.0.1".parse().unwrap(), port: 8080, protocol: "tcp" })
        );
        assert_eq!(read(&line.replace(" 0A ", " 01 "), "tcp"), None);
        let six = "   0: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 1";
        let on_one = read(six, "tcp").unwrap();
        assert_eq!(on_one.alone_on(), Some("::1".parse().unwrap()));
        let any = Listener { address: "::".parse().unwrap(), ..on_one };
        assert_eq!(any.alone_on(), None);
        let mapped = Listener { address: "::ffff:127.0.0.1".parse().unwrap(), ..on_one };
        assert_eq!(mapped.alone_on(), Some("127.0.0.1".parse().unwrap()));
    }
}
