//! Adding a host: its name, then three steps with one command each, which are ticked as the host takes them.
//!
//! Contains no dialog, so that both the hosts page and the deploy dialog can show it. The host is provisional until its agent has
//! joined: closing the page leaves nothing behind.

mod missing_advice;
mod progress;
mod setup;
mod steps;

use domain::api::{Enrolment, Host};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use self::setup::Setup;
use crate::{
    browser,
    components::{Button, Look, TextInput},
    rpc::hosts::add_host,
};

pub(crate) use missing_advice::what_is_missing;

/// Longest host name that the use case accepts; input fields stop there.
pub(crate) const MAX_HOST_NAME_CHARACTERS: u16 = 100;

/// An enrolment code and the name of the host it was issued for.
#[derive(Clone, Debug, PartialEq)]
pub struct Joining {
    pub name: String,
    pub enrolment: Enrolment,
}

#[component]
pub fn AddHost(
    joining: RwSignal<Option<Joining>>,
    /// Kept up to date by the caller, also with provisional hosts.
    hosts: RwSignal<Vec<Host>>,
    /// The label of the button that ends this once the host runs.
    #[prop(default = "Done")]
    done_label: &'static str,
    /// Receives the host that runs; `None`: the user does not want to add it.
    done: Callback<Option<Uuid>>,
) -> impl IntoView {
    move || match joining.get() {
        None => view! { <AskName joining /> }.into_any(),
        Some(now) => view! { <Setup now hosts done done_label joining /> }.into_any(),
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
            match add_host(name.clone(), browser::origin()).await {
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
                    {move || if sending.get() { "Making a code…" } else { "Show the steps" }}
                </Button>
            </div>
        </form>
    }
}
