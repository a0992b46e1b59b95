//! The inspector's table of published ports: one row for each port, and an empty last row for a new one.

use domain::{
    compose::{Port, Protocol, Service},
    stack::{Edit, PortSpec},
};
use leptos::{
    ev::{ClipboardEvent, FocusEvent, KeyboardEvent},
    prelude::*,
};

use super::{
    live_field::{Typing, Verdict},
    row::{Cell, NewCell, RemoveRow, RowError, leaves_row, pasted_lines},
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
    let of_paste = name.clone();
    let paste = move |event: ClipboardEvent| {
        let Some(text) = pasted_lines(&event) else { return };
        let add = |port| Edit::AddPort { service: of_paste.clone(), port };
        let edits: Vec<Edit> = paste::ports(&text).into_iter().map(add).collect();
        if !edits.is_empty() {
            event.prevent_default();
            session.edit(Spot::Inspector, &edits);
        }
    };
    let of_rows = name.clone();
    view! {
        <div class="rows" on:paste=paste>
            <div class="rows-head port-row" aria-hidden="true">
                <span>"Address"</span>
                <span>"Host"</span>
                <span>"Container"</span>
                <span>"Protocol"</span>
            </div>
            <For each=move || 0..count.get() key=|index| *index let:index>
                <PortRow name=of_rows.clone() index service />
            </For>
            <NewPort name />
            <p class="text-caption text-muted">
                "Without a host port the engine picks a free one. An address such as 127.0.0.1 keeps the port on this machine."
            </p>
        </div>
    }
}

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
    let error = RwSignal::new(None::<String>);
    let errors = [RwSignal::new(None), RwSignal::new(None), RwSignal::new(None)];
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
    let removed = name;
    view! {
        <div class="row">
            <div class="port-row">
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
                        error.set(done.err());
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
                <RemoveRow
                    testid=format!("port-{index}-remove")
                    label="Remove this port"
                    on_remove=Callback::new(move |()| {
                        session.edit(Spot::Inspector, &[Edit::RemovePort { service: removed.clone(), index }]);
                    })
                />
            </div>
            <RowError error=Signal::derive(move || {
                errors.iter().find_map(|error| error.get()).or_else(|| error.get())
            }) />
        </div>
    }
}

#[component]
fn NewPort(name: String) -> impl IntoView {
    let session = use_session();
    let (published, target) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<String>);
    let add = move || {
        let (host, container) =
            (published.get_untracked().trim().to_owned(), target.get_untracked().trim().to_owned());
        if host.is_empty() && container.is_empty() {
            error.set(None);
            return;
        }
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
        let done = match port {
            None => Err("Which port of the container? Write it in the second field.".to_owned()),
            Some(port) => validate::port(&port.target)
                .and_then(|()| {
                    validate::optional(port.published.as_deref().unwrap_or_default(), validate::port)
                })
                .and_then(|()| session.type_in("new-port", &[Edit::AddPort { service: name.clone(), port }])),
        };
        session.document.settle();
        error.set(done.clone().err());
        if done.is_ok() {
            published.set(String::new());
            target.set(String::new());
        }
    };
    let on_leave = add.clone();
    view! {
        <div
            class="row"
            on:focusout=move |event: FocusEvent| {
                if leaves_row(&event) {
                    on_leave();
                }
            }
            on:keydown=move |event: KeyboardEvent| {
                if event.key() == "Enter" {
                    add();
                }
            }
        >
            <div class="port-row">
                <span></span>
                <NewCell testid="port-new-published" label="Host port of a new one" text=published placeholder="8080" />
                <NewCell testid="port-new-target" label="Container port of a new one" text=target placeholder="80" />
            </div>
            <RowError error />
        </div>
    }
}
