//! The rules, one file each.

mod container_name_duplicate;
mod declaration_conflict;
mod dependency_condition;
mod dependency_cycle;
mod dependency_unknown;
mod extends_unknown;
mod grant_unknown;
mod healthcheck_test;
mod healthy_without_check;
mod host_port_conflict;
mod image_invalid;
mod image_missing;
mod image_tag;
mod limit_conflict;
mod link_unknown;
mod mount_twice;
mod network_mode;
mod network_unknown;
mod no_shared_network;
mod port_invalid;
mod reference_unknown;
mod replicas;
mod secret_in_plain_text;
mod service_networks;
mod setting_required;
mod taken_ports;
mod variable_unset;
mod volume_unknown;

use super::rule::Rule;

/// In the order in which they look. `docs/rules.md` has the order of the pages.
pub const RULES: &[Rule] = &[
    host_port_conflict::RULE,
    port_invalid::RULE,
    dependency_unknown::RULE,
    dependency_cycle::RULE,
    dependency_condition::RULE,
    healthy_without_check::RULE,
    healthcheck_test::RULE,
    network_unknown::RULE,
    no_shared_network::RULE,
    volume_unknown::RULE,
    mount_twice::RULE,
    reference_unknown::RULE,
    limit_conflict::RULE,
    declaration_conflict::RULE,
    grant_unknown::RULE,
    link_unknown::RULE,
    extends_unknown::RULE,
    container_name_duplicate::RULE,
    image_missing::RULE,
    image_invalid::RULE,
    image_tag::RULE,
    setting_required::RULE,
    secret_in_plain_text::RULE,
    variable_unset::RULE,
    network_mode::RULE,
    replicas::RULE,
];
