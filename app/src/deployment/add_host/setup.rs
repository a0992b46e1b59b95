//! The way of one host from its code to its first contact.

use domain::api::{Enrolment, Host, HostSetup, SetupWay};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::{Joining, missing_advice::what_is_missing, progress::Progress, steps::Steps};
use crate::{
    browser,
    components::{Button, Callout, Icon, Look, Select, Sign, Tone, elapsed, use_now},
    rpc::hosts::{discard_host, new_host_code},
};

#[component]
pub fn Setup(
    now: Joining,
    hosts: RwSignal<Vec<Host>>,
    done: Callback<Option<Uuid>>,
    done_label: &'static str,
    joining: RwSignal<Option<Joining>>,
) -> impl IntoView {
    let Joining { name, enrolment } = now;
    let Enrolment { host_id, code, expires_at, setup, .. } = enrolment;
    let (id, setup) = (host_id.unwrap_or_default(), setup.unwrap_or_else(no_setup));
    let is_new = !setup.again;
    let host = Memo::new(move |_| hosts.with(|hosts| hosts.iter().find(|host| host.id == id).cloned()));
    // A host that gets another code may have joined before.
    let joined_before = host.get_untracked().filter(|_| !is_new).and_then(|host| host.joined_at);
    let progress = Memo::new(move |_| host.with(|host| Progress::of(host.as_ref(), joined_before)));
    let time = use_now();
    let left = Memo::new(move |_| time.get().map(|time| expires_at - time));
    let expired = Memo::new(move |_| {
        progress.get() < Progress::HasJoined && left.get().is_some_and(|left| left.num_seconds() <= 0)
    });
    let way = RwSignal::new(SetupWay::default());
    let platform =
        RwSignal::new(setup.programs.first().map(|program| program.platform.clone()).unwrap_or_default());
    let warnings = warnings(&setup);
    let choices = choices(&setup, way, platform);
    // What the third step is instead, on a host that turned out to have no systemd.
    let without_systemd = Memo::new(move |_| {
        let place = host.with(|host| host.as_ref().and_then(|host| host.agent_place.clone()));
        let is_wrong = progress.get() >= Progress::HasJoined && way.get() != SetupWay::Terminal;
        place.filter(|place| is_wrong && !place.systemd).map(|place| place.start_command())
    });
    let commands = {
        let setup = setup.clone();
        Signal::derive(move || {
            let mut commands = setup.commands(id, &code, way.get(), &platform.get());
            if let Some(run) = without_systemd.get() {
                commands.run = run;
            }
            commands
        })
    };
    let name = StoredValue::new(name);
    let status = move || match progress.get() {
        Progress::Runs => host.get().map(|host| view! { <Ready host done done_label /> }.into_any()),
        Progress::HasJoined => {
            let how = match without_systemd.get() {
                Some(_) => "There is no systemd on it: step 3 runs the agent in the terminal.",
                None => "Step 3 starts it.",
            };
            Some(waiting("It has joined, and its agent doesn't run yet", how.to_owned()))
        }
        _ if expired.get() => Some(view! { <Expired id name joining /> }.into_any()),
        _ => {
            let more = left.get().map(|left| {
                format!("The code works once, for another {}, also when you close this.", elapsed(left))
            });
            Some(waiting(&format!("Waiting for {}", name.get_value()), more.unwrap_or_default()))
        }
    };
    let discard = move |_| {
        spawn_local(async move {
            // Without an answer the code expires by itself.
            let _ = discard_host(id).await;
            done.try_run(None);
        });
    };
    view! {
        <div class="flex flex-col gap-4">
            <p class="text-muted">
                {format!("Run these on “{}”, one after the other. Each is ticked when it is done.", name.get_value())}
            </p>
            {warnings}
            {choices}
            <Steps commands progress />
            {status}
            {move || {
                host.with(|host| host.as_ref().is_some_and(|host| host.is_provisional))
                    .then(|| {
                        view! {
                            <div class="flex justify-end">
                                <Button look=Look::Quiet on:click=discard attr:data-testid="host-discard">
                                    "Don't add this host"
                                </Button>
                            </div>
                        }
                    })
            }}
        </div>
    }
    .into_any()
}

/// An answer of a server that knows no steps.
fn no_setup() -> HostSetup {
    HostSetup {
        address: browser::origin(),
        is_loopback: false,
        is_https: true,
        again: false,
        programs: Vec::new(),
    }
}

fn warnings(setup: &HostSetup) -> impl IntoView + use<> {
    let loopback = setup.is_loopback.then(|| {
        view! {
            <Callout tone=Tone::Warn title=format!("Only this machine reaches {}", setup.address)>
                "Open this page at an address that the host can reach, or set "
                <code class="font-mono">"public_url"</code> " in the server's configuration."
            </Callout>
        }
    });
    let insecure = (!setup.is_https && !setup.is_loopback).then(|| {
        view! {
            <Callout tone=Tone::Warn title="The address is not https">
                "Everybody on the way can read the code and the agent's token, and could replace what these commands say."
            </Callout>
        }
    });
    let needs = setup.programs.first().filter(|program| !program.is_static).map(|_| {
        view! {
            <p class="text-caption text-muted" data-testid="program-needs">
                "The program of this server needs the same Linux distribution there as here, or a newer one."
            </p>
        }
    });
    view! {
        {loopback}
        {insecure}
        {needs}
    }
}

/// How the agent runs there, and for which platform, if there is a choice.
fn choices(setup: &HostSetup, way: RwSignal<SetupWay>, platform: RwSignal<String>) -> impl IntoView + use<> {
    let ways = [
        (SetupWay::System, "As root, with systemd"),
        (SetupWay::User, "As one user with systemd, for rootless Docker or Podman"),
        (SetupWay::Terminal, "In a terminal, without systemd"),
    ];
    let ways = ways.map(|(way, text)| (way.as_str().to_owned(), text.to_owned())).to_vec();
    let platforms: Vec<_> =
        setup.programs.iter().map(|it| (it.platform.clone(), it.platform.replace('-', " on "))).collect();
    let more = (platforms.len() > 1).then(|| {
        view! {
            <Select
                id="host-platform"
                label="Its platform"
                options=platforms
                value=Signal::derive(move || platform.get())
                on_change=Callback::new(move |chosen| platform.set(chosen))
            />
        }
    });
    view! {
        <Select
            id="host-way"
            label="How the agent runs there"
            options=ways
            value=Signal::derive(move || way.get().as_str().to_owned())
            on_change=Callback::new(move |chosen: String| way.set(SetupWay::named(&chosen).unwrap_or_default()))
            help="In a root shell (sudo -i) for the first, in a shell of that user for the others."
        />
        {more}
    }
}

fn waiting(title: &str, more: String) -> AnyView {
    let title = title.to_owned();
    view! {
        <p class="flex gap-2.5 rounded-panel p-3 hairline" role="status">
            <span class="text-busy">
                <Icon sign=Sign::Clock />
            </span>
            <span class="min-w-0 flex-1">
                <span class="block font-medium">{title}</span>
                <span class="block text-muted" aria-hidden="true">
                    {more}
                </span>
            </span>
        </p>
    }
    .into_any()
}

#[component]
fn Ready(host: Host, done: Callback<Option<Uuid>>, done_label: &'static str) -> impl IntoView {
    let missing = what_is_missing(&host);
    let Host { id, name, engine, .. } = host;
    let state = match (engine, missing) {
        (engine, Some(advice)) => {
            let lack =
                if engine.is_some() { "Docker Compose is missing" } else { "no container engine answers" };
            view! {
                <Callout tone=Tone::Warn title=format!("{name} has joined, but {lack} there")>
                    {advice}
                </Callout>
            }
            .into_any()
        }
        (Some(engine), None) => view! {
            <Callout tone=Tone::Ok title=format!("{name} is ready")>
                {engine}
            </Callout>
        }
        .into_any(),
        (None, None) => {
            waiting(&format!("{name} has joined"), "Its agent looks for Docker or Podman.".to_owned())
        }
    };
    view! {
        {state}
        <div class="flex justify-end">
            <Button look=Look::Primary on:click=move |_| done.run(Some(id)) attr:data-testid="host-joined">
                {done_label}
            </Button>
        </div>
    }
}

#[component]
fn Expired(id: Uuid, name: StoredValue<String>, joining: RwSignal<Option<Joining>>) -> impl IntoView {
    let again = move |_| {
        spawn_local(async move {
            // A provisional host may be gone by now: then it is added again.
            let next = new_host_code(id, browser::origin()).await.ok();
            let name = name.try_get_value();
            joining.try_set(next.zip(name).map(|(enrolment, name)| Joining { name, enrolment }));
        });
    };
    view! {
        <Callout tone=Tone::Warn title="The code has expired">
            "No host has used it."
        </Callout>
        <div class="flex justify-end">
            <Button on:click=again>"Get another code"</Button>
        </div>
    }
}
