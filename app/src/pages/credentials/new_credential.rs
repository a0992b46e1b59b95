//! The dialog that creates a token or an API client: name, scope and lifetime; then it shows the secret once.

use domain::access::Scope;
use leptos::{prelude::*, task::spawn_local};

use super::state::{CredentialsState, NewSecret};
use crate::{
    components::{Button, Dialog, Look, Select, ShownOnce, TextInput},
    rpc::credentials::{create_client, create_token},
};

const MAX_NAME_CHARACTERS: u16 = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CredentialKind {
    Token,
    Client,
}

#[component]
pub(super) fn NewCredential(
    /// Opens the dialog for this kind.
    creating: RwSignal<Option<CredentialKind>>,
    state: CredentialsState,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if creating.with(Option::is_some) || state.new_secret.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() {
            creating.set(None);
            state.new_secret.set(None);
        }
    });
    view! {
        <Dialog id="credential" title="Access for a program" open>
            {move || match (state.new_secret.get(), creating.get()) {
                (Some(secret), _) => view! { <Secret secret open /> }.into_any(),
                (None, Some(kind)) => view! { <Ask kind state /> }.into_any(),
                (None, None) => ().into_any(),
            }}
        </Dialog>
    }
}

#[component]
fn Ask(kind: CredentialKind, state: CredentialsState) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let scope = RwSignal::new(Scope::Deploy.as_str().to_owned());
    let days = RwSignal::new("90".to_owned());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        problem.set(None);
        let name = name.get_untracked().trim().to_owned();
        let scope = Scope::named(&scope.get_untracked()).unwrap_or(Scope::Read);
        let days = days.get_untracked().parse().unwrap_or(90);
        spawn_local(async move {
            let created = match kind {
                CredentialKind::Token => create_token(name.clone(), scope, days)
                    .await
                    .map(|token| token.token.map(|bearer| NewSecret::Token { name, bearer })),
                CredentialKind::Client => create_client(name.clone(), scope, days).await.map(|client| {
                    client.secret.map(|secret| NewSecret::Client { name, id: client.id, secret })
                }),
            };
            match created {
                Ok(secret) => {
                    state.new_secret.try_set(secret);
                    state.reload();
                }
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
            sending.try_set(false);
        });
    };
    let scopes = vec![
        ("read".to_owned(), "read: view everything, change nothing".to_owned()),
        ("deploy".to_owned(), "deploy: also change and deploy projects".to_owned()),
        ("admin".to_owned(), "admin: everything that you are allowed to do".to_owned()),
    ];
    let ends = [("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("0", "until revoked")];
    let ends = ends.map(|(days, words)| (days.to_owned(), words.to_owned())).to_vec();
    let what = match kind {
        CredentialKind::Token => "New token",
        CredentialKind::Client => "New client",
    };
    view! {
        <form class="flex flex-col gap-4" on:submit=send>
            <TextInput
                id="credential-name"
                label="Purpose"
                required=true
                max_length=MAX_NAME_CHARACTERS
                placeholder="nightly build"
                bind=Signal::derive(move || name.get())
                on_input=Callback::new(move |text| name.set(text))
                error=Signal::derive(move || problem.get())
            />
            <Select
                id="credential-scope"
                label="Scope"
                options=scopes
                value=Signal::derive(move || scope.get())
                on_change=Callback::new(move |chosen| scope.set(chosen))
            />
            <Select
                id="credential-days"
                label="Valid for"
                options=ends
                value=Signal::derive(move || days.get())
                on_change=Callback::new(move |chosen| days.set(chosen))
            />
            <div class="flex justify-end">
                <Button look=Look::Primary kind="submit" disabled=sending>
                    {what}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn Secret(secret: NewSecret, open: RwSignal<bool>) -> impl IntoView {
    let (title, lines) = match secret {
        NewSecret::Token { name, bearer } => {
            (format!("“{name}” is ready"), vec![("Token", "Bearer token".to_owned(), bearer)])
        }
        NewSecret::Client { name, id, secret } => (
            format!("“{name}” is ready"),
            vec![
                ("Client id", "stacker-id".to_owned(), id.to_string()),
                ("Secret", "Signing secret".to_owned(), secret),
            ],
        ),
    };
    view! { <ShownOnce title text="The server cannot show it again." lines open /> }
}
