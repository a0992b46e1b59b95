//! Random edits: usual ones, and ones that no client should send.

use domain::{
    catalog::{self, App},
    check::{Profile, Settings},
    compose::Condition,
    stack::{Edit, Point, PortSpec, SecretText},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Value, json};

use crate::files::files;

/// Any edit. A new edit must be added here, otherwise `every_edit_is_tried_and_done` fails.
pub fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        4 => services(),
        4 => environment(),
        4 => ports_and_volumes(),
        4 => between_services(),
        4 => running(),
        4 => any_key(),
        2 => text_and_canvas(),
        2 => values(),
    ]
}

fn services() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (name(), image(), option::of(point())).prop_map(|(service, image, at)| Edit::AddService {
            service,
            image: Some(image),
            app: None,
            secrets: Default::default(),
            at
        }),
        (name(), app(), text(), option::of(point())).prop_map(|(service, app, secret, at)| {
            let secrets = app.secrets().iter().map(|spec| (spec.name.clone(), secret.clone())).collect();
            Edit::AddService { service, image: None, app: Some(app.code.clone()), secrets, at }
        }),
        (name(), any::<bool>()).prop_map(|(service, clean_up)| Edit::RemoveService { service, clean_up }),
        (name(), name(), select(vec![None, Some(Vec::new())]))
            .prop_map(|(service, to, uncertain)| { Edit::RenameService { service, to, uncertain } }),
        (name(), name(), option::of(point())).prop_map(|(service, to, at)| Edit::DuplicateService {
            service,
            to,
            at
        }),
        (name(), image()).prop_map(|(service, image)| Edit::SetImage { service, image }),
    ]
}

fn environment() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (name(), select(vec!["A", "B", "C", "A_TOKEN"]).prop_map(str::to_owned), option::of(text()))
            .prop_map(|(service, key, value)| Edit::SetEnvironment { service, key, value }),
        (name(), "[A-C]").prop_map(|(service, key)| Edit::RemoveEnvironment { service, key }),
        (name(), "[A-C]", "[A-D]").prop_map(|(service, key, to)| Edit::RenameEnvironment {
            service,
            key,
            to
        }),
    ]
}

fn ports_and_volumes() -> impl Strategy<Value = Edit> {
    let source = select(vec!["v", "w", "new", "./here", "./a:b", "/tmp", "~/x", "../up", "${DIR:-.}/x", ""]);
    let target = select(vec!["/v", "/a/b c", "/ü", "$DATA", "${DATA:-/x}"]);
    prop_oneof![
        (name(), port()).prop_map(|(service, port)| Edit::AddPort { service, port }),
        (name(), index(), port()).prop_map(|(service, index, port)| Edit::SetPort { service, index, port }),
        (name(), index()).prop_map(|(service, index)| Edit::RemovePort { service, index }),
        (name(), option::of(source), target, any::<bool>()).prop_map(
            |(service, source, target, read_only)| Edit::AddVolume {
                service,
                source: source.map(str::to_owned),
                target: target.to_owned(),
                read_only
            }
        ),
        (name(), index()).prop_map(|(service, index)| Edit::RemoveVolume { service, index }),
    ]
}

fn between_services() -> impl Strategy<Value = Edit> {
    let conditions = select(vec![Condition::Started, Condition::Healthy, Condition::Completed]);
    prop_oneof![
        1 => (network(), any::<bool>()).prop_map(|(network, internal)| Edit::AddNetwork { network, internal }),
        1 => (name(), network(), option::of(any::<bool>())).prop_map(|(service, network, keep_default)| {
            Edit::JoinNetwork { service, network, keep_default }
        }),
        2 => (name(), select(vec!["front", "back"]).prop_map(str::to_owned), any::<bool>()).prop_map(|(service, network, cut_off)| Edit::LeaveNetwork {
            service,
            network,
            cut_off
        }),
        1 => (name(), name(), conditions).prop_map(|(service, on, condition)| Edit::AddDependency {
            service,
            on,
            condition
        }),
        2 => (name(), name()).prop_map(|(service, on)| Edit::RemoveDependency { service, on }),
    ]
}

fn running() -> impl Strategy<Value = Edit> {
    let restarts =
        option::of(select(vec!["no", "always", "unless-stopped", "on-failure:3", "${RESTART:-no}"]));
    let test = prop_oneof![
        select(vec![json!(["CMD", "true"]), json!(["NONE"]), json!(["CMD-SHELL", "a: b # c"])]),
        text().prop_map(Value::from),
    ];
    let times = option::of(select(vec!["10s", "1m30s", "0", "${TIME:-5s}"]).prop_map(str::to_owned));
    prop_oneof![
        (name(), test, times.clone(), times.clone(), option::of(0u32..9), times).prop_map(
            |(service, test, interval, timeout, retries, start_period)| Edit::SetHealthcheck {
                service,
                test,
                interval,
                timeout,
                retries,
                start_period
            }
        ),
        name().prop_map(|service| Edit::RemoveHealthcheck { service }),
        (name(), restarts)
            .prop_map(|(service, restart)| Edit::SetRestart { service, restart: restart.map(str::to_owned) }),
        (name(), command()).prop_map(|(service, command)| Edit::SetCommand { service, command }),
        (name(), command()).prop_map(|(service, entrypoint)| Edit::SetEntrypoint { service, entrypoint }),
    ]
}

fn any_key() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (path(), value()).prop_map(|(path, value)| Edit::SetKey { path, value }),
        path().prop_map(|path| Edit::RemoveKey { path }),
        (path(), select(vec!["x-a", "image", "a", "no"]))
            .prop_map(|(path, to)| Edit::RenameKey { path, to: to.to_owned() }),
        select(vec!["volumes", "x-a", "a", "version"])
            .prop_map(|service| Edit::MoveToServices { services: vec![service.to_owned()] }),
    ]
}

fn text_and_canvas() -> impl Strategy<Value = Edit> {
    let broken = select(vec!["services:\n\ta: {", "a: [", "- list\n", "{}", "services:\n  a: {image: x}\n"]);
    prop_oneof![
        prop_oneof![select(files()), broken.prop_map(str::to_owned)]
            .prop_map(|text| Edit::ReplaceText { text }),
        (name(), point()).prop_map(|(service, to)| Edit::MoveNode { service, to }),
        (name(), option::of(text())).prop_map(|(service, note)| Edit::SetNote { service, note }),
        select(vec![Profile::Recommended, Profile::Strict, Profile::Security])
            .prop_map(|profile| Edit::SetChecks { checks: Settings { profile, ..Settings::default() } }),
    ]
}

fn values() -> impl Strategy<Value = Edit> {
    let variable = || select(vec!["A", "B", "KEY", "1", "x y"]).prop_map(str::to_owned);
    let secret = select(vec!["DB_PASSWORD", "API_KEY", "URL", "A_TOKEN", "ADMIN_PASSWORD"]);
    prop_oneof![
        (variable(), text()).prop_map(|(name, text)| Edit::SetValue { name, value: SecretText::new(text) }),
        variable().prop_map(|name| Edit::RemoveValue { name }),
        Just(Edit::MoveSecrets { service: None, key: None }),
        (option::of(name()), secret)
            .prop_map(|(service, key)| Edit::MoveSecrets { service, key: Some(key.to_owned()) }),
    ]
}

/// The name of a service, mostly of an existing one.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(vec!["a", "b", "c", "d"]), 1 => select(vec!["e", "f", "no", "1e3", "x y"])]
        .prop_map(str::to_owned)
}

fn app() -> impl Strategy<Value = &'static App> {
    select(catalog::apps().iter().collect::<Vec<_>>())
}

fn network() -> impl Strategy<Value = String> {
    select(vec!["front", "back", "default", "side", "no"]).prop_map(str::to_owned)
}

fn image() -> impl Strategy<Value = String> {
    "[a-z]{1,8}(:[a-z0-9.]{1,6})?"
}

fn point() -> impl Strategy<Value = Point> {
    (any::<i32>(), any::<i32>()).prop_map(|(x, y)| Point { x, y })
}

/// The index of a list item. Most lists are short.
fn index() -> impl Strategy<Value = usize> {
    select(vec![0, 0, 0, 1, 1, 2])
}

fn port() -> impl Strategy<Value = PortSpec> {
    let host_ip = option::of(select(vec!["127.0.0.1", "::1", "[::1]", ""]));
    let published = prop_oneof![
        (1u16..=65535).prop_map(|port| Some(port.to_string())),
        select(vec![None, Some("22"), Some("8000-8010"), Some("${PORT:-8080}")])
            .prop_map(|text| text.map(str::to_owned)),
    ];
    let target = prop_oneof![(1u16..=65535).prop_map(|port| port.to_string()), Just("9000-9010".to_owned())];
    let protocol = option::of(select(vec!["tcp", "udp", "sctp", ""]));
    (host_ip, published, target, protocol).prop_map(|(host_ip, published, target, protocol)| PortSpec {
        host_ip: host_ip.map(str::to_owned),
        published,
        target,
        protocol: protocol.map(str::to_owned),
    })
}

fn command() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Null), text().prop_map(Value::from), vec(text(), 0..3).prop_map(Value::from),]
}

/// Difficult texts: words that readers misread, YAML indicators, line breaks, other scripts.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "no", "1e3", "0755", "12:34:56", "", " x", "a: b", "# x", "'", "\"", "~", "x\ny", "ü", "- a",
            "${A:-b}", "*a", "{", "1.27", "<<", "a\tb", "x\r\ny", "\u{2028}", "=", "x,y", "]"
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
        any::<String>().prop_filter("no NUL", |text| !text.contains('\0')),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let one = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    one.prop_recursive(3, 9, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            vec((text(), inner), 0..3).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// A path into a service, a declaration or a custom key. Some paths end early, and some are too deep.
fn path() -> impl Strategy<Value = Vec<String>> {
    let key = select(vec![
        "image",
        "ports",
        "environment",
        "labels",
        "depends_on",
        "networks",
        "volumes",
        "command",
        "deploy",
        "secrets",
        "healthcheck",
        "x-own",
        "<<",
        "a.b",
    ]);
    let below = select(vec!["0", "1", "2", "A", "b", "front", "k", "limits", "test", "source", "- x"]);
    let declared = select(vec!["volumes", "networks", "secrets", "configs", "x-base", "x-own", "name"]);
    let own = |steps: Vec<&str>| steps.into_iter().map(str::to_owned).collect::<Vec<_>>();
    prop_oneof![
        8 => (name(), key, vec(below.clone(), 0..3)).prop_map(move |(service, key, below)| {
            let mut path = vec!["services".to_owned(), service, key.to_owned()];
            path.extend(own(below));
            path
        }),
        2 => (declared, vec(prop_oneof![Just("v"), Just("environment"), below], 0..3)).prop_map(
            move |(kind, below)| [vec![kind.to_owned()], own(below)].concat()
        ),
        1 => name().prop_map(|service| vec!["services".to_owned(), service]),
        1 => select(vec![vec!["services"], vec![]]).prop_map(own),
    ]
}
