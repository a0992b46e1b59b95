//! The services of a deployment as its agent reported them, with their actions.

use domain::{
    access::ProjectRole,
    api::{AgentStatus, ObservedService},
};
use leptos::{prelude::*, task::spawn_local};

use super::state::Live;
use crate::{
    components::{
        Callout, EmptyState, Icon, Look, MENU_ITEM, MarkedText, Menu, Sign, State, Status, Tone, age_of,
        duration_since,
    },
    deployment::words,
    rpc::deployments::{ServiceAction, control_service},
};

#[component]
pub fn Services(live: RwSignal<Live>, logs_of: RwSignal<Option<String>>) -> impl IntoView {
    let refusal = RwSignal::new(None::<String>);
    let names = Memo::new(move |_| {
        live.with(|live| live.detail.services.iter().map(|it| it.state.service.clone()).collect::<Vec<_>>())
    });
    let none = Memo::new(move |_| names.with(Vec::is_empty));
    view! {
        <section class="flex flex-col gap-2" aria-labelledby="services-title">
            <h2 id="services-title" class="text-lead font-semibold">
                "Services"
            </h2>
            {move || refusal.get().map(|why| view! { <Callout tone=Tone::Error title="Couldn't do this"><MarkedText text=why /></Callout> })}
            <div class="rounded-panel bg-panel hairline">
                {move || {
                    none.get()
                        .then(|| {
                            view! {
                                <EmptyState
                                    title="Not running"
                                    text="Services and their state appear here once the agent has started them."
                                />
                            }
                        })
                }}
                <ul data-testid="services">
                    <For each=move || names.get() key=String::clone let:name>
                        <Service live name logs_of refusal />
                    </For>
                </ul>
            </div>
        </section>
    }
}

/// Shows state and age of a service. While the agent is online, its last report counts as current, however old it is.
#[component]
pub fn ServiceStatus(#[prop(into)] live: Signal<Live>, name: String) -> impl IntoView {
    let observed = Memo::new(move |_| live.with(|live| of(live, &name)));
    let shown = Memo::new(move |_| {
        observed
            .with(|it| it.as_ref().map(|it| words::of_service(&it.state)))
            .unwrap_or((State::Off, "no container".to_owned()))
    });
    let gone = Memo::new(move |_| live.with(|live| live.detail.summary.agent_status == AgentStatus::Offline));
    let since = duration_since(move || {
        observed.with(|it| it.as_ref().map(|it| it.state.since.unwrap_or(it.observed_at)))
    });
    let seen = age_of(move || observed.with(|it| it.as_ref().map(|it| it.observed_at)));
    let age = Signal::derive(move || match (observed.with(Option::is_some), gone.get()) {
        (false, _) => String::new(),
        (_, true) => format!("last seen {}", seen.get()),
        _ => since.get(),
    });
    view! {
        <Status
            state=Signal::derive(move || if gone.get() { State::Off } else { shown.get().0 })
            word=Signal::derive(move || shown.get().1)
            age
        />
    }
}

fn of(live: &Live, name: &str) -> Option<ObservedService> {
    live.detail.services.iter().find(|it| it.state.service == name).cloned()
}

#[component]
fn Service(
    live: RwSignal<Live>,
    name: String,
    logs_of: RwSignal<Option<String>>,
    refusal: RwSignal<Option<String>>,
) -> impl IntoView {
    let state = {
        let name = name.clone();
        Memo::new(move |_| live.with(|live| of(live, &name).map(|it| it.state)))
    };
    let image = move || state.with(|state| state.as_ref().and_then(|state| state.image.clone()));
    let local = live.with_untracked(|live| live.detail.agent.as_ref().is_some_and(|host| host.is_local));
    let hostname = RwSignal::new(None::<String>);
    Effect::new(move || {
        if local {
            hostname.set(window().location().hostname().ok());
        }
    });
    let ports = move || {
        state
            .with(|state| state.as_ref().map(|state| state.ports.clone()).unwrap_or_default())
            .into_iter()
            .map(|port| published(port, hostname.get()))
            .collect_view()
    };
    let testid = format!("service-{name}");
    view! {
        <li
            class="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 border-t border-line px-4 py-2 first:border-t-0 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto]"
            data-testid=testid
        >
            <div class="min-w-0">
                <h3 class="truncate text-control font-medium">{name.clone()}</h3>
                <p class="truncate font-mono text-caption text-muted">{image}</p>
            </div>
            <div class="flex min-w-0 flex-col gap-1 max-sm:order-last max-sm:col-span-2">
                <ServiceStatus live name=name.clone() />
                <div class="flex flex-wrap gap-1 empty:hidden">{ports}</div>
            </div>
            <div class="flex items-center">
                <ServiceControls live name logs_of refusal />
            </div>
        </li>
    }
}

/// Buttons for logs, restart, stop and start; the reason of a failed action goes to `refusal`.
#[component]
pub fn ServiceControls(
    live: RwSignal<Live>,
    name: String,
    logs_of: RwSignal<Option<String>>,
    refusal: RwSignal<Option<String>>,
) -> impl IntoView {
    let logs_name = name.clone();
    // Reading logs sends a command to the host, so it needs the same role as the actions.
    live.with_untracked(|live| live.is_for(ProjectRole::Operator)).then(|| {
        view! {
            <button
                type="button"
                class=Look::Quiet.class()
                aria-label=format!("Logs of {name}")
                on:click=move |_| logs_of.set(Some(logs_name.clone()))
            >
                "Logs"
            </button>
            <ServiceActions live name refusal />
        }
    })
}

#[component]
fn ServiceActions(live: RwSignal<Live>, name: String, refusal: RwSignal<Option<String>>) -> impl IntoView {
    let stopped = {
        let name = name.clone();
        Memo::new(move |_| live.with(|live| of(live, &name).is_none_or(|it| words::is_stopped(&it.state))))
    };
    let send = {
        let name = StoredValue::new(name.clone());
        move |action: ServiceAction| {
            let hash = live.with_untracked(|live| live.detail.summary.deployment_hash.clone());
            refusal.set(None);
            spawn_local(async move {
                if let Err(error) = control_service(hash, name.get_value(), action).await {
                    refusal.try_set(Some(error.to_string()));
                }
            });
        }
    };
    let menu = format!("service-menu-{name}");
    let item = move |action: ServiceAction, sign: Sign, word: &'static str| {
        view! {
            <button type="button" class=MENU_ITEM on:click=move |_| send(action)>
                <Icon sign />
                {word}
            </button>
        }
    };
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    view! {
        <Menu id=menu label=format!("Actions for {name}") button>
            {item(ServiceAction::Restart, Sign::Restart, "Restart")}
            {move || {
                if stopped.get() {
                    item(ServiceAction::Start, Sign::Start, "Start").into_any()
                } else {
                    item(ServiceAction::Stop, Sign::Stop, "Stop").into_any()
                }
            }}
        </Menu>
    }
}

/// A published port, `0.0.0.0:8080:80/tcp`; a link if the service runs on this machine.
fn published(port: String, hostname: Option<String>) -> AnyView {
    const BADGE: &str = "inline-flex items-center gap-1 rounded-control bg-sunken px-1.5 font-mono text-caption ring-1 ring-line ring-inset";
    match (address(&port), hostname) {
        (Some(number), Some(hostname)) => {
            let host = if hostname.contains(':') && !hostname.starts_with('[') {
                format!("[{hostname}]")
            } else {
                hostname
            };
            view! {
                <a
                    class=format!("{BADGE} text-accent hover:underline")
                    href=format!("http://{host}:{number}/")
                    target="_blank"
                    rel="noopener external"
                    title=port
                    data-testid="open-app"
                >
                    {format!(":{number}")}
                    <Icon sign=Sign::Link size=12 />
                </a>
            }
            .into_any()
        }
        _ => view! { <span class=format!("{BADGE} text-muted")>{port}</span> }.into_any(),
    }
}

/// The port on the host, if a browser can open it.
fn address(port: &str) -> Option<u16> {
    let (mapping, protocol) = port.split_once('/').unwrap_or((port, "tcp"));
    let mut parts = mapping.rsplitn(3, ':');
    let _container = parts.next()?;
    let host = parts.next()?.parse().ok()?;
    (protocol == "tcp").then_some(host)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_published_port_can_be_opened() {
        assert_eq!(address("0.0.0.0:8080:80/tcp"), Some(8080));
        assert_eq!(address("[::]:8080:80/tcp"), Some(8080));
        assert_eq!(address("8080:80"), Some(8080));
        assert_eq!(address("80/tcp"), None);
        assert_eq!(address("127.0.0.1:53:53/udp"), None);
    }
}
