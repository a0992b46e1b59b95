//! One access token or API client in its list, with its actions.

use chrono::{DateTime, Utc};
use domain::{
    access::Scope,
    api::{AccessToken, ApiClient},
};
use leptos::{prelude::*, task::spawn_local};
use uuid::Uuid;

use super::state::{CredentialsState, NewSecret};
use crate::{
    components::{
        Badge, Button, Callout, ConfirmByName, Dialog, DialogClose, DialogOpener, Icon, Look, MENU_ITEM,
        Menu, Moment, Sign, Tone, age_of, use_toasts,
    },
    rpc::credentials::{ClientChange, change_client, revoke_token},
};

#[component]
pub(super) fn TokenRow(token: AccessToken, state: CredentialsState) -> impl IntoView {
    let AccessToken { id, name, scope, expires_at, last_used_at, .. } = token;
    let dialog = format!("revoke-{id}");
    let opened = dialog.clone();
    let label = format!("Actions for {name}");
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    view! {
        <Row name=name.clone() scope expires_at last_used_at remark=None>
            <Menu id=format!("menu-{id}") label button>
                <DialogOpener dialog=opened class=MENU_ITEM>
                    <Icon sign=Sign::Trash />
                    "Revoke…"
                </DialogOpener>
            </Menu>
        </Row>
        <RevokeDialog dialog id name state />
    }
}

#[component]
pub(super) fn ClientRow(client: ApiClient, state: CredentialsState) -> impl IntoView {
    let ApiClient { id, scope, enabled, expires_at, last_used_at, .. } = client;
    let name = client.name.unwrap_or_else(|| id.to_string());
    let dialog = format!("delete-client-{id}");
    let opened = dialog.clone();
    let label = format!("Actions for {name}");
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    let remark = if enabled { format!("id {id}") } else { format!("id {id} · disabled") };
    let items = if enabled {
        vec![
            (ClientChange::Rotate, Sign::Restart, "New secret"),
            (ClientChange::Disable, Sign::Stop, "Disable"),
        ]
    } else {
        vec![(ClientChange::Enable, Sign::Start, "Enable, with a new secret")]
    };
    let items = items
        .into_iter()
        .map(|(change, sign, words)| {
            let name = name.clone();
            view! { <ChangeItem id name change sign words state /> }
        })
        .collect_view();
    view! {
        <Row name=name.clone() scope expires_at last_used_at remark=Some(remark)>
            <Menu id=format!("menu-client-{id}") label button>
                {items}
                <DialogOpener dialog=opened class=MENU_ITEM>
                    <Icon sign=Sign::Trash />
                    "Delete…"
                </DialogOpener>
            </Menu>
        </Row>
        <ConfirmByName
            id=dialog
            title="Delete API client"
            action=format!("/clients/{id}/delete")
            lost=format!("Programs that sign as “{name}” lose access")
            name
            verb="Delete this client"
        >
            "You can't undo this. To keep the client for later, disable it instead."
        </ConfirmByName>
    }
}

#[component]
fn Row(
    name: String,
    scope: Scope,
    expires_at: Option<DateTime<Utc>>,
    last_used_at: Option<DateTime<Utc>>,
    remark: Option<String>,
    children: Children,
) -> impl IntoView {
    let used = age_of(move || last_used_at);
    let test_id = format!("credential-{name}");
    let end = match expires_at {
        None => "no expiry".into_any(),
        Some(at) => view! { "until " <Moment at /> }.into_any(),
    };
    view! {
        <li class="flex items-start gap-3 border-t border-line py-3 pr-2 pl-4 first:border-t-0" data-testid=test_id>
            <div class="flex min-w-0 flex-1 flex-col gap-1">
                <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <h3 class="min-w-0 text-control font-semibold wrap-anywhere">{name}</h3>
                    <Badge mono=true>{scope.as_str()}</Badge>
                </div>
                <p class="text-caption text-muted">
                    {remark.map(|remark| format!("{remark} · "))} "last used " {move || used.get()} " · " {end}
                </p>
            </div>
            {children()}
        </li>
    }
}

#[component]
fn ChangeItem(
    id: i32,
    name: String,
    change: ClientChange,
    sign: Sign,
    words: &'static str,
    state: CredentialsState,
) -> impl IntoView {
    let toasts = use_toasts();
    let ask = move |_| {
        let name = name.clone();
        spawn_local(async move {
            match change_client(id, change).await {
                Ok(client) => {
                    let secret = client.secret.map(|secret| NewSecret::Client { name, id, secret });
                    if secret.is_some() {
                        state.new_secret.try_set(secret);
                    }
                    state.reload();
                }
                Err(error) => toasts.show(Tone::Error, error.to_string()),
            }
        });
    };
    view! {
        <button type="button" class=MENU_ITEM on:click=ask>
            <Icon sign />
            {words}
        </button>
    }
}

#[component]
fn RevokeDialog(dialog: String, id: Uuid, name: String, state: CredentialsState) -> impl IntoView {
    let problem = RwSignal::new(None::<String>);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            match revoke_token(id).await {
                Ok(()) => state.reload(),
                Err(error) => drop(problem.try_set(Some(error.to_string()))),
            }
        });
    };
    view! {
        <Dialog id=dialog.clone() title="Revoke token">
            <form class="flex flex-col gap-4" on:submit=send>
                <Callout
                    tone=Tone::Warn
                    title=format!("Programs that use “{name}” lose access immediately.")
                />
                {move || problem.get().map(|why| view! { <Callout tone=Tone::Error title=why /> })}
                <div class="flex flex-wrap justify-end gap-2">
                    <DialogClose dialog>"Cancel"</DialogClose>
                    <Button look=Look::Danger kind="submit">
                        "Revoke this token"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
