//! One callback in the list, with its actions.

use domain::callback::CallbackSubscription;
use leptos::{prelude::*, task::spawn_local};

use super::{
    about,
    state::{Asking, CallbacksState},
};
use crate::{
    components::{Age, Badge, ConfirmByName, DialogOpener, Icon, MENU_ITEM, Menu, Sign, State, Status, Tone},
    rpc::callbacks::{disable_callback, enable_callback, rotate_callback, test_callback},
};

#[component]
pub(super) fn CallbackRow(callback: CallbackSubscription, state: CallbacksState) -> impl IntoView {
    let (id, host, enabled) = (callback.id, callback.name(), callback.enabled);
    let (mark, word) = standing(&callback);
    let events: Vec<_> = callback.events.iter().map(|event| event.as_str()).collect();
    let about = about(&callback);
    let client = callback.client_id.map(|client| format!("of API client {client}"));
    let switch = move |_| {
        spawn_local(async move {
            let changed = if enabled { disable_callback(id).await } else { enable_callback(id).await };
            state.changed(changed);
        });
    };
    let rotate = move |_| spawn_local(async move { state.changed(rotate_callback(id).await) });
    let test = move |_| {
        spawn_local(async move {
            match test_callback(id).await {
                Ok(_) => state.toasts.show(Tone::Ok, "Test event is on its way. The log shows the answer."),
                Err(error) => state.toasts.show(Tone::Error, error.to_string()),
            }
        });
    };
    let dialog = format!("delete-callback-{id}");
    let opened = dialog.clone();
    let (to_read, to_change) = (callback.clone(), callback.clone());
    let button = ViewFn::from(|| view! { <Icon sign=Sign::More /> });
    view! {
        <li
            class="flex items-start gap-3 border-t border-line py-3 pr-2 pl-4 first:border-t-0"
            data-testid=format!("callback-{host}")
        >
            <div class="flex min-w-0 flex-1 flex-col gap-1">
                <div class="flex flex-wrap items-center gap-x-2 gap-y-1">
                    <h3 class="min-w-0 font-mono text-control font-semibold wrap-anywhere">{callback.url.clone()}</h3>
                    {client.map(|client| view! { <Badge>{client}</Badge> })}
                </div>
                <div class="flex flex-wrap items-center gap-2">
                    <Status state=mark word=word.to_owned() />
                    {callback
                        .failing_since
                        .map(|since| {
                            view! {
                                <span class="text-caption text-muted">"no call arrived since " <Age at=since /></span>
                            }
                        })}
                </div>
                {callback
                    .disabled_reason
                    .clone()
                    .map(|reason| view! { <p class="text-caption text-muted wrap-anywhere">{reason}</p> })}
                <p class="text-caption text-muted wrap-anywhere">{format!("{about} · {}", events.join(", "))}</p>
            </div>
            <Menu id=format!("menu-callback-{id}") label=format!("Actions for {host}") button>
                <button type="button" class=MENU_ITEM on:click=move |_| state.reading.set(Some(to_read.clone()))>
                    <Icon sign=Sign::List />
                    "Log…"
                </button>
                <button
                    type="button"
                    class=MENU_ITEM
                    on:click=move |_| state.asking.set(Some(Asking::Change(Box::new(to_change.clone()))))
                >
                    <Icon sign=Sign::Edit />
                    "Change…"
                </button>
                {enabled
                    .then(|| {
                        view! {
                            <button type="button" class=MENU_ITEM on:click=test>
                                <Icon sign=Sign::Launch />
                                "Send a test event"
                            </button>
                            <button type="button" class=MENU_ITEM on:click=rotate>
                                <Icon sign=Sign::Key />
                                "New secret"
                            </button>
                        }
                    })}
                <button type="button" class=MENU_ITEM on:click=switch>
                    <Icon sign=if enabled { Sign::Stop } else { Sign::Start } />
                    {if enabled { "Disable" } else { "Enable" }}
                </button>
                <DialogOpener dialog=opened class=MENU_ITEM>
                    <Icon sign=Sign::Trash />
                    "Delete…"
                </DialogOpener>
            </Menu>
        </li>
        <ConfirmByName
            id=dialog
            title="Delete callback"
            action=format!("/callbacks/{id}/delete")
            lost=format!("“{host}” is no longer called")
            name=host
            verb="Delete this callback"
        >
            "Its secret, its log and everything that still waits are deleted. You can't undo this."
        </ConfirmByName>
    }
    .into_any()
}

fn standing(callback: &CallbackSubscription) -> (State, &'static str) {
    match callback {
        CallbackSubscription { enabled: true, failing_since: None, .. } => (State::Ok, "enabled"),
        CallbackSubscription { enabled: true, .. } => (State::Warn, "failing"),
        CallbackSubscription { disabled_reason: Some(_), .. } => (State::Error, "disabled by the server"),
        _ => (State::Off, "disabled"),
    }
}
