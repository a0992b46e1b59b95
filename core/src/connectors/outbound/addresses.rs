//! Addresses that are not part of the public internet.
//!
//! Sources: the special-purpose registries of IANA (RFC 6890 and its updates), and the RFC named at each range.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use crate::config::Networks;

/// Why an address is not public. Its text completes "the address is …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReservedRange {
    Loopback,
    Private,
    LinkLocal,
    /// Shared by the customers of a provider (RFC 6598).
    CarrierNat,
    /// `0.0.0.0/8` and `::`, which some systems connect to themselves.
    Unspecified,
    Multicast,
    Broadcast,
    Documentation,
    Benchmark,
    /// An IPv4 address inside an IPv6 one, in a form that nothing on the internet uses any more.
    Embedded,
    /// A translation between IPv4 and IPv6 that each network defines for itself (RFC 8215).
    LocalTranslation,
    /// Everything else that is not assigned to the public.
    Reserved,
}

impl fmt::Display for ReservedRange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::LinkLocal => "a link-local address",
            Self::CarrierNat => "an address shared by the customers of a provider",
            Self::Unspecified => "an unspecified address",
            Self::Multicast => "a multicast address",
            Self::Broadcast => "a broadcast address",
            Self::Documentation => "an address for documentation",
            Self::Benchmark => "an address for benchmarks",
            Self::Embedded => "an IPv4 address embedded in an IPv6 address",
            Self::LocalTranslation => "an address of a local IPv4 translation",
            Self::Reserved => "a reserved address",
        })
    }
}

/// Checks one address. `opened` holds the operator's exceptions; an exception for an IPv4 network also opens the IPv6 forms
/// that lead into it.
pub(super) fn check(address: IpAddr, opened: &Networks) -> Result<(), ReservedRange> {
    let address = address.to_canonical();
    if opened.contains(address) {
        return Ok(());
    }
    match address {
        IpAddr::V4(address) => reserved_v4(address).map_or(Ok(()), Err),
        IpAddr::V6(address) => check_v6(address, opened),
    }
}

fn check_v6(address: Ipv6Addr, opened: &Networks) -> Result<(), ReservedRange> {
    if let Some(range) = reserved_v6(address) {
        return Err(range);
    }
    embedded(address).into_iter().flatten().try_for_each(|inner| check(IpAddr::V4(inner), opened))
}

fn reserved_v4(address: Ipv4Addr) -> Option<ReservedRange> {
    use ReservedRange::{
        Benchmark, Broadcast, CarrierNat, Documentation, LinkLocal, Loopback, Multicast, Private, Reserved,
        Unspecified,
    };
    Some(match address.octets() {
        [0, ..] => Unspecified,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Private,
        [100, 64..=127, ..] => CarrierNat,
        [127, ..] => Loopback,
        [169, 254, ..] => LinkLocal,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Documentation,
        // Protocol assignments (RFC 6890), and the relays of 6to4 (RFC 7526).
        [192, 0, 0, _] | [192, 88, 99, _] => Reserved,
        [198, 18..=19, ..] => Benchmark,
        [224..=239, ..] => Multicast,
        [255, 255, 255, 255] => Broadcast,
        [240..=255, ..] => Reserved,
        _ => return None,
    })
}

/// `None` also for the transition forms of [`embedded`], which are as public as the address inside.
fn reserved_v6(address: Ipv6Addr) -> Option<ReservedRange> {
    use ReservedRange::{
        Benchmark, Documentation, Embedded, LinkLocal, LocalTranslation, Loopback, Multicast, Private,
        Reserved, Unspecified,
    };
    if address.is_unspecified() {
        return Some(Unspecified);
    }
    if address.is_loopback() {
        return Some(Loopback);
    }
    Some(match address.segments() {
        // IPv4-compatible (RFC 4291) and IPv4-translated (RFC 2765).
        [0, 0, 0, 0, 0, 0, _, _] | [0, 0, 0, 0, 0xffff, 0, _, _] => Embedded,
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => return None,
        [0x64, 0xff9b, 1, ..] => LocalTranslation,
        [0xfc00..=0xfdff, ..] => Private,
        // The second half is site-local, which RFC 3879 abolished and some networks kept.
        [0xfe80..=0xfeff, ..] => LinkLocal,
        [0xff00..=0xffff, ..] => Multicast,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Documentation,
        [0x2001, 2, 0, ..] => Benchmark,
        // Teredo is the one part of the protocol assignments that reaches hosts.
        [0x2001, 0, ..] => return None,
        [0x2001, 0..=0x1ff, ..] => Reserved,
        [0x2000..=0x3fff, ..] => return None,
        // Only 2000::/3 is assigned to the public.
        _ => Reserved,
    })
}

/// The IPv4 addresses that a packet to this address may be delivered to.
fn embedded(address: Ipv6Addr) -> [Option<Ipv4Addr>; 2] {
    let inner = |high: u16, low: u16| Some(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    match address.segments() {
        // NAT64 (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => [inner(high, low), None],
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => [inner(high, low), None],
        // Teredo (RFC 4380): the server, and the client with its bits inverted.
        [0x2001, 0, server_high, server_low, _, _, high, low] => {
            [inner(server_high, server_low), inner(!high, !low)]
        }
        _ => [None, None],
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn checked(address: &str, opened: &str) -> Result<(), ReservedRange> {
        check(address.parse().unwrap(), &Networks::parse(opened).unwrap())
    }

    #[rstest]
    #[case::loopback("127.0.0.1", ReservedRange::Loopback)]
    #[case::whole_loopback_network("127.255.0.9", ReservedRange::Loopback)]
    #[case::private_a("10.0.0.1", ReservedRange::Private)]
    #[case::private_b("172.31.255.255", ReservedRange::Private)]
    #[case::private_c("192.168.1.1", ReservedRange::Private)]
    #[case::metadata_service("169.254.169.254", ReservedRange::LinkLocal)]
    #[case::carrier_nat("100.64.0.1", ReservedRange::CarrierNat)]
    #[case::end_of_carrier_nat("100.127.255.255", ReservedRange::CarrierNat)]
    #[case::zero("0.0.0.0", ReservedRange::Unspecified)]
    #[case::zero_network("0.1.2.3", ReservedRange::Unspecified)]
    #[case::multicast("224.0.0.251", ReservedRange::Multicast)]
    #[case::broadcast("255.255.255.255", ReservedRange::Broadcast)]
    #[case::future_use("240.0.0.1", ReservedRange::Reserved)]
    #[case::protocol_assignments("192.0.0.170", ReservedRange::Reserved)]
    #[case::documentation("203.0.113.7", ReservedRange::Documentation)]
    #[case::benchmark("198.19.0.1", ReservedRange::Benchmark)]
    #[case::v6_loopback("::1", ReservedRange::Loopback)]
    #[case::v6_unspecified("::", ReservedRange::Unspecified)]
    #[case::unique_local("fd12::1", ReservedRange::Private)]
    #[case::v6_link_local("fe80::1", ReservedRange::LinkLocal)]
    #[case::site_local("fec0::1", ReservedRange::LinkLocal)]
    #[case::v6_multicast("ff02::1", ReservedRange::Multicast)]
    #[case::v6_documentation("2001:db8::1", ReservedRange::Documentation)]
    #[case::newer_documentation("3fff:fff::1", ReservedRange::Documentation)]
    #[case::v6_benchmark("2001:2::1", ReservedRange::Benchmark)]
    #[case::discard_only("100::1", ReservedRange::Reserved)]
    #[case::segment_routing("5f00::1", ReservedRange::Reserved)]
    #[case::mapped_loopback("::ffff:127.0.0.1", ReservedRange::Loopback)]
    #[case::mapped_private("::ffff:10.0.0.1", ReservedRange::Private)]
    #[case::compatible("::8.8.8.8", ReservedRange::Embedded)]
    #[case::translated("::ffff:0:7f00:1", ReservedRange::Embedded)]
    #[case::nat64_private("64:ff9b::10.0.0.1", ReservedRange::Private)]
    #[case::nat64_metadata("64:ff9b::169.254.169.254", ReservedRange::LinkLocal)]
    #[case::local_nat64("64:ff9b:1::8.8.8.8", ReservedRange::LocalTranslation)]
    #[case::six_to_four_private("2002:c0a8:0101::1", ReservedRange::Private)]
    #[case::teredo_private_server("2001:0:a00:1:0:0:f7f7:f7f7", ReservedRange::Private)]
    #[case::teredo_loopback_client("2001:0:808:808:0:0:80ff:fffe", ReservedRange::Loopback)]
    fn what_is_not_public_is_refused(#[case] address: &str, #[case] expected: ReservedRange) {
        assert_eq!(checked(address, ""), Err(expected));
    }

    #[rstest]
    #[case("8.8.8.8")]
    #[case("100.63.255.255")]
    #[case("100.128.0.0")]
    #[case("172.15.0.1")]
    #[case("172.32.0.1")]
    #[case("198.17.255.255")]
    #[case("2606:4700::1111")]
    #[case("::ffff:8.8.8.8")]
    #[case("64:ff9b::8.8.8.8")]
    #[case("2002:0808:0808::1")]
    #[case("2001:0:808:808:0:0:f7f7:f7f7")]
    #[case("2001:4860:4860::8888")]
    fn public_addresses_pass(#[case] address: &str) {
        assert_eq!(checked(address, ""), Ok(()));
    }

    #[test]
    fn the_operator_opens_networks_in_every_form_that_leads_into_them() {
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1"] {
            assert_eq!(checked(address, "10.0.0.0/8"), Ok(()), "{address}");
        }
        assert_eq!(checked("192.168.0.1", "10.0.0.0/8"), Err(ReservedRange::Private));
        assert_eq!(checked("fd12::1", "fd00::/8"), Ok(()));
    }
}
