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
mod operation;
mod port_invalid;
mod reference_unknown;
mod replicas;
mod secret_in_plain_text;
mod security;
mod service_networks;
mod service_uses;
mod setting_required;
mod taken_ports;
mod variable_unset;
mod volume_drive_letter;
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
    volume_drive_letter::RULE,
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
    security::engine_socket::RULE,
    security::privileged::RULE,
    security::capabilities::RULE,
    security::new_privileges::RULE,
    security::unconfined::RULE,
    security::host_namespace::RULE,
    security::sensitive_mount::RULE,
    security::admin_port::RULE,
    security::weak_password::RULE,
    operation::version_obsolete::RULE,
    operation::key_deprecated::RULE,
    operation::key_recent::RULE,
    operation::port_base_60::RULE,
    operation::environment_duplicate::RULE,
    operation::build_and_image::RULE,
    operation::restart_missing::RULE,
    operation::healthcheck_missing::RULE,
    operation::limits_missing::RULE,
    operation::volume_anonymous::RULE,
    operation::volume_shared::RULE,
];
