//! Adding a host: its name, the command to run on it, and the wait until its agent has joined.

use std::time::Duration;

use domain::api::{Enrolment, Host};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use crate::{
    components::{Button, Callout, CopyLine, Icon, Look, Sign, TextInput, Tone, elapsed, use_now},
    rpc::hosts::{add_host, list_hosts},
};

/// Pause between two loads of the list while the user waits for a host.
const POLL_PAUSE: Duration = Duration::from_secs(2);

/// Longest host name that the use case accepts; input fields stop there.
pub(crate) const MAX_HOST_NAME_CHARACTERS: u16 = 100;

/// An enrolment code and the name of the host it was issued for.
#[derive(Clone, Debug, PartialEq)]
pub struct Joining {
    pub name: String,
    pub enrolment: Enrolment,
}

/// Contains no dialog, so that both the hosts page and the deploy dialog can show it.
#[component]
pub fn AddHost(
    joining: RwSignal<Option<Joining>>,
    /// Kept up to date while the user waits.
    hosts: RwSignal<Vec<Host>>,
    /// Receives the host that has joined.
    done: Callback<Uuid>,
) -> impl IntoView {
    move || match joining.get() {
        None => view! { <AskName joining /> }.into_any(),
        Some(now) => view! { <Wait now hosts done joining /> }.into_any(),
    }
}

#[component]
fn AskName(joining: RwSignal<Option<Joining>>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        problem.set(None);
        spawn_local(async move {
            let name = name.get_untracked().trim().to_owned();
            match add_host(name.clone()).await {
                Ok(enrolment) => drop(joining.try_set(Some(Joining { name, enrolment }))),
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=send>
            <p class="text-muted">
                "Any Linux machine with Docker or Podman. Its agent calls this server; the host needs no open port."
            </p>
            <TextInput
                id="host-name"
                label="Name"
                required=true
                max_length=MAX_HOST_NAME_CHARACTERS
                placeholder="web-1"
                bind=Signal::derive(move || name.get())
                on_input=Callback::new(move |text| name.set(text))
                error=Signal::derive(move || problem.get())
            />
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending attr:data-testid="host-code">
                    {move || if sending.get() { "Making a code…" } else { "Get the command" }}
                </Button>
            </div>
        </form>
    }
}

#[component]
fn Wait(
    now: Joining,
    hosts: RwSignal<Vec<Host>>,
    done: Callback<Uuid>,
    joining: RwSignal<Option<Joining>>,
) -> impl IntoView {
    let Joining { name, enrolment } = now;
    let Enrolment { host_id, command, expires_at, .. } = enrolment;
    let time = use_now();
    let find = move |hosts: &Vec<Host>| hosts.iter().find(|host| Some(host.id) == host_id).cloned();
    // A host that gets another code may have been seen before: only a later contact means that it has joined again.
    let before = hosts.with_untracked(find).and_then(|host| host.last_seen_at);
    let joined = Memo::new(move |_| {
        hosts.with(find).filter(|host| host.last_seen_at.is_some() && host.last_seen_at != before)
    });
    let left = Memo::new(move |_| time.get().map(|time| expires_at - time));
    let expired = Memo::new(move |_| left.get().is_some_and(|left| left.num_seconds() <= 0));
    poll(hosts, Signal::derive(move || joined.with(Option::is_some) || expired.get()));
    view! {
        <div class="flex flex-col gap-4">
            {move || match joined.get() {
                Some(host) => {
                    let engine = host.engine.clone().unwrap_or_else(|| "no container engine answers there yet".to_owned());
                    let id = host.id;
                    view! {
                        <Callout tone=Tone::Ok title=format!("{} has joined", host.name)>
                            {engine}
                        </Callout>
                        <div class="flex justify-end">
                            <Button look=Look::Primary on:click=move |_| done.run(id) attr:data-testid="host-joined">
                                "Done"
                            </Button>
                        </div>
                    }
                        .into_any()
                }
                None if expired.get() => {
                    view! {
                        <Callout tone=Tone::Warn title="The code has expired">
                            "Nobody used it. The host stays in the list; make another code for it there."
                        </Callout>
                        <div class="flex justify-end">
                            <Button on:click=move |_| joining.set(None)>"Start again"</Button>
                        </div>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <p>{format!("Run this on “{name}”, as a user who may use Docker or Podman:")}</p>
                        <CopyLine label="The command to run on the host" text=command.clone() />
                        <p class="flex gap-2.5 rounded-panel p-3 hairline" role="status">
                            <span class="text-busy">
                                <Icon sign=Sign::Clock />
                            </span>
                            <span class="min-w-0 flex-1">
                                <span class="block font-medium">{format!("Waiting for {name} to appear")}</span>
                                <span class="block text-muted" aria-hidden="true">
                                    {move || left.get().map(|left| format!("The code works once, for another {}.", elapsed(left)))}
                                </span>
                            </span>
                        </p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}

/// Loads the list repeatedly until `is_over` is true or the view is disposed.
fn poll(hosts: RwSignal<Vec<Host>>, is_over: Signal<bool>) {
    fn load(hosts: RwSignal<Vec<Host>>, is_over: Signal<bool>) {
        if is_over.try_get_untracked().unwrap_or(true) {
            return;
        }
        spawn_local(async move {
            // An error is not shown: the next load succeeds once the server is back.
            if let Ok(now) = list_hosts().await {
                hosts.try_set(now);
            }
            set_timeout(move || load(hosts, is_over), POLL_PAUSE);
        });
    }
    Effect::new(move || load(hosts, is_over));
}
