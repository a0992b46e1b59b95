//! The inspector's table of published ports: one row for each port, and an empty last row for a new one.

use domain::{
    compose::{Port, Protocol, Service},
    stack::{Edit, PortSpec},
};
use leptos::prelude::*;

use super::{
    live_field::{Typing, Verdict},
    row::{Cell, NewField, NewRow, Row, Rows, first_error},
};
use crate::{
    builder::{
        model::{paste, validate},
        state::{notices::Spot, session::use_session},
    },
    components::CONTROL,
};

#[component]
pub fn Ports(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let count =
        Memo::new(move |_| service.with(|service| service.as_ref().map_or(0, |service| service.ports.len())));
    let name = StoredValue::new(name);
    let added = move |port| Edit::AddPort { service: name.get_value(), port };
    let pasted = move |text: String| paste::ports(&text).into_iter().map(added).collect::<Vec<_>>();
    let add = move |(host, container): (String, String)| -> Verdict {
        let (host, container) = (host.trim().to_owned(), container.trim().to_owned());
        let port = match (container.is_empty(), host.contains(':')) {
            // The user may have typed all of `8080:80` into the first field.
            (true, true) => paste::port(&host),
            (true, false) => None,
            (false, _) => Some(PortSpec {
                published: (!host.is_empty()).then_some(host),
                target: container,
                ..PortSpec::default()
            }),
        };
        let port = port.ok_or("Which port does the container listen on? Write it in the second field.")?;
        validate::port(&port.target)?;
        validate::optional(port.published.as_deref().unwrap_or_default(), validate::port)?;
        session.type_in("new-port", &[added(port)])
    };
    view! {
        <Rows class="port-row" head=&["Address", "Host", "Container", "Protocol"] pasted>
            <For each=move || 0..count.get() key=|index| *index let:index>
                <PortRow name=name.get_value() index service />
            </For>
            <NewRow class="port-row" fields=NEW_PORT after_gap=true add />
        </Rows>
        <p class="pt-1 text-caption text-muted">
            "Without a host port, a free one is chosen. An address such as 127.0.0.1 makes the port reachable from that machine only."
        </p>
    }
}

const NEW_PORT: [NewField; 2] = [
    NewField { testid: "port-new-published", label: "Host port of a new entry", placeholder: "8080" },
    NewField { testid: "port-new-target", label: "Container port of a new entry", placeholder: "80" },
];

/// The port mapping in the short form.
fn spec_of(port: &Port) -> Option<PortSpec> {
    let range =
        |(first, last): (u16, u16)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    match (&port.mapping, &port.text) {
        (Some(mapping), _) => Some(PortSpec {
            host_ip: mapping.host_ip.clone(),
            published: mapping.published.map(range),
            target: range(mapping.target),
            protocol: (mapping.protocol != Protocol::Tcp).then(|| mapping.protocol.as_str().to_owned()),
        }),
        (None, Some(text)) => paste::port(text),
        (None, None) => None,
    }
}

#[component]
fn PortRow(name: String, index: usize, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let spec = Memo::new(move |_| {
        service.with(|service| {
            service
                .as_ref()
                .and_then(|service| service.ports.get(index))
                .and_then(spec_of)
                .unwrap_or_default()
        })
    });
    let errors = [const { None::<String> }; 4].map(RwSignal::new);
    let own = name.clone();
    let write = move |field: &str, change: &dyn Fn(&mut PortSpec)| -> Verdict {
        let mut port = spec.get_untracked();
        change(&mut port);
        validate::port(&port.target)?;
        if let Some(published) = &port.published {
            validate::port(published)?;
        }
        session
            .type_in(&format!("port-{index}-{field}"), &[Edit::SetPort { service: own.clone(), index, port }])
    };
    let some = |text: String| (!text.is_empty()).then_some(text);
    let (set_ip, set_published, set_target, set_protocol) =
        (write.clone(), write.clone(), write.clone(), write);
    let remove = move |()| {
        session.edit(Spot::Inspector, &[Edit::RemovePort { service: name.clone(), index }]);
    };
    view! {
        <Row
            class="port-row"
            error=first_error(errors)
            remove=(format!("port-{index}-remove"), "Remove this port".to_owned())
            on_remove=remove
        >
                <Cell
                    testid=format!("port-{index}-address")
                    label="Host address"
                    typing=Typing::new(
                        Signal::derive(move || spec.get().host_ip.unwrap_or_default()),
                        move |text| set_ip("ip", &|port| port.host_ip = some(text.trim().to_owned())),
                    )
                    placeholder="all"
                    error=errors[0]
                />
                <Cell
                    testid=format!("port-{index}-published")
                    label="Host port"
                    typing=Typing::new(
                        Signal::derive(move || spec.get().published.unwrap_or_default()),
                        move |text| set_published("published", &|port| port.published = some(text.trim().to_owned())),
                    )
                    placeholder="free"
                    error=errors[1]
                />
                <Cell
                    testid=format!("port-{index}-target")
                    label="Container port"
                    typing=Typing::new(
                        Signal::derive(move || spec.get().target),
                        move |text| set_target("target", &|port| text.trim().clone_into(&mut port.target)),
                    )
                    error=errors[2]
                />
                <select
                    class=CONTROL
                    data-testid=format!("port-{index}-protocol")
                    aria-label="Protocol"
                    on:change=move |event| {
                        let chosen = event_target_value(&event);
                        let done = set_protocol("protocol", &|port| port.protocol = some(chosen.replace("tcp", "")));
                        session.document.settle();
                        errors[3].set(done.err());
                    }
                >
                    {["tcp", "udp", "sctp"]
                        .into_iter()
                        .map(|protocol| {
                            view! {
                                <option
                                    value=protocol
                                    selected=move || spec.get().protocol.as_deref().unwrap_or("tcp") == protocol
                                >
                                    {protocol}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
        </Row>
    }
}
