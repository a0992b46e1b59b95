//! All fields of a form and their types. Other fields are ignored.

use super::shape::{self, Shape};

pub struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
    pub required: bool,
}

pub enum FieldKind {
    /// Text of at least one character, unless `empty_allowed` is set.
    Text {
        most: usize,
        shape: Option<Shape>,
        empty_allowed: bool,
    },
    OneOf(&'static [&'static str]),
    Flag,
    Whole {
        least: u64,
    },
    Number,
    Texts,
    Fields(&'static [Field]),
    List(&'static [Field]),
    AnyObject,
    Anything,
}

impl Field {
    const fn required(self) -> Self {
        Self { required: true, ..self }
    }
}

const fn field(name: &'static str, kind: FieldKind) -> Field {
    Field { name, kind, required: false }
}

/// Text of any length; clients send empty text for "nothing".
const fn free(name: &'static str) -> Field {
    field(name, FieldKind::Text { most: usize::MAX, shape: None, empty_allowed: true })
}

/// Empty text means "nothing".
const fn up_to(most: usize, name: &'static str) -> Field {
    field(name, FieldKind::Text { most, shape: None, empty_allowed: true })
}

const fn some(most: usize, name: &'static str) -> Field {
    field(name, FieldKind::Text { most, shape: None, empty_allowed: false })
}

const fn shaped(most: usize, name: &'static str, shape: Shape) -> Field {
    field(name, FieldKind::Text { most, shape: Some(shape), empty_allowed: false })
}

const fn flag(name: &'static str) -> Field {
    field(name, FieldKind::Flag)
}

const fn whole(name: &'static str) -> Field {
    field(name, FieldKind::Whole { least: 0 })
}

pub const CUSTOM: &[Field] = &[
    field("web", FieldKind::List(APP)).required(),
    field("feature", FieldKind::List(APP)),
    field("service", FieldKind::List(APP)),
    some(50, "custom_stack_code").required(),
    some(255, "project_git_url"),
    field("custom_stack_category", FieldKind::Texts),
    free("custom_stack_short_description"),
    free("custom_stack_description"),
    free("project_name"),
    free("project_overview"),
    free("project_description"),
    field("networks", FieldKind::List(NETWORK)),
];

pub const APP: &[Field] = &[
    some(255, "_etag"),
    free("_id").required(),
    free("_created"),
    free("_updated"),
    some(50, "name").required(),
    shaped(50, "code", shape::SERVICE_NAME).required(),
    some(50, "type").required(),
    flag("custom"),
    field("role", FieldKind::Texts),
    flag("default"),
    flag("commercial"),
    flag("autodeploy"),
    flag("suggested"),
    flag("avoid_render"),
    field("versions", FieldKind::List(VERSION)),
    up_to(50, "dockerhub_user"),
    up_to(50, "dockerhub_name"),
    up_to(100, "dockerhub_image"),
    free("dockerhub_password"),
    shaped(10, "cpu", shape::AMOUNT),
    shaped(10, "disk_size", shape::GIGABYTES),
    shaped(10, "ram_size", shape::GIGABYTES),
    field("popularity", FieldKind::Whole { least: 1 }),
    field("subscription", FieldKind::Anything),
    field("dependency", FieldKind::Anything),
    field("price", FieldKind::Fields(&[field("value", FieldKind::Number).required()])),
    field("icon", FieldKind::Fields(ICON)),
    free("domain"),
    free("descr"),
    free("full_description"),
    free("description"),
    free("plan_type"),
    free("ansible_var"),
    free("repo_dir"),
    free("url_app"),
    free("url_git"),
    whole("category_id"),
    whole("parent_app_id"),
    field("restart", FieldKind::OneOf(&["always", "no", "unless-stopped", "on-failure"])).required(),
    free("command"),
    free("entrypoint"),
    field("volumes", FieldKind::List(VOLUME)),
    field("environment", FieldKind::List(VARIABLE)),
    field("network", FieldKind::Texts),
    field("shared_ports", FieldKind::List(PORT)),
];

const VERSION: &[Field] = &[
    free("_etag"),
    whole("_id").required(),
    free("_created"),
    free("_updated"),
    whole("app_id"),
    free("name").required(),
    some(20, "version").required(),
    free("update_status"),
    some(20, "tag").required(),
];

const ICON: &[Field] = &[
    field("light", FieldKind::Fields(PICTURE)).required(),
    field("dark", FieldKind::Fields(PICTURE)).required(),
];

const PICTURE: &[Field] =
    &[field("width", FieldKind::Number), field("height", FieldKind::Number), free("image")];

pub const NETWORK: &[Field] = &[
    some(255, "id").required(),
    shaped(255, "name", shape::NETWORK_NAME).required(),
    flag("attachable"),
    flag("enable_ipv6"),
    flag("internal"),
    flag("external"),
    free("driver"),
    field("driver_opts", FieldKind::AnyObject),
    free("ipam"),
    free("labels"),
];

/// A mount needs a source, so null is rejected as if it were missing.
const VOLUME: &[Field] = &[some(4096, "host_path").required(), some(4096, "container_path").required()];

const VARIABLE: &[Field] = &[free("key").required(), free("value").required()];

const PORT: &[Field] = &[
    field("host_port", FieldKind::Text { most: 6, shape: Some(shape::PORT), empty_allowed: true }),
    shaped(6, "container_port", shape::PORT).required(),
    field("protocol", FieldKind::OneOf(&["tcp", "udp"])),
];
