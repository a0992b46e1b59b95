//! The networks that a service belongs to.

use domain::{compose::Service, stack::Edit};
use leptos::{
    ev::{Event, SubmitEvent},
    prelude::*,
};

use super::row::RemoveRow;
use crate::{
    builder::{
        model::validate,
        state::{notices::Spot, session::use_session},
    },
    components::{CONTROL, Look, MarkedText},
};

#[component]
pub fn Networks(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let name = StoredValue::new(name);
    let joined = Memo::new(move |_| {
        service.with(|service| {
            service
                .iter()
                .flat_map(|service| &service.networks)
                .map(|membership| membership.network.clone())
                .collect::<Vec<_>>()
        })
    });
    let mode = Memo::new(move |_| {
        service.with(|service| {
            service.as_ref().and_then(|service| service.network_mode.as_ref().map(|mode| mode.value.clone()))
        })
    });
    let others = Memo::new(move |_| {
        session.document.read(|stack| {
            let known = stack.model().networks.iter().map(|network| network.name.clone());
            known.filter(|network| !joined.with(|joined| joined.contains(network))).collect::<Vec<_>>()
        })
    });
    let join = move |event: Event| {
        let network = event_target_value(&event);
        if !network.is_empty() {
            session.edit(
                Spot::Inspector,
                &[Edit::JoinNetwork { service: name.get_value(), network, keep_default: None }],
            );
        }
    };
    view! {
        <div class="flex flex-col gap-3">
            {move || {
                mode.get()
                    .map(|mode| {
                        view! {
                            <p class="text-caption text-muted">
                                "This service has " <span class="font-mono">"network_mode: " {mode}</span>
                                ", so it cannot join networks of the stack. Remove that key under Advanced to change this."
                            </p>
                        }
                    })
            }}
            <ul class="flex flex-col gap-1">
                <For each=move || joined.get() key=Clone::clone let:network>
                    {
                        let leave = network.clone();
                        view! {
                            <li class="flex items-center gap-1">
                                <span class="min-w-0 flex-1 font-mono wrap-anywhere">{network.clone()}</span>
                                <RemoveRow
                                    testid=format!("network-leave-{network}")
                                    label=format!("Leave {network}")
                                    on_remove=Callback::new(move |()| {
                                        let edit = Edit::LeaveNetwork { service: name.get_value(), network: leave.clone(), cut_off: false };
                                        session.edit(Spot::Inspector, &[edit]);
                                    })
                                />
                            </li>
                        }
                    }
                </For>
            </ul>
            {move || {
                joined
                    .with(Vec::is_empty)
                    .then(|| {
                        view! {
                            <p class="text-caption text-muted">
                                "This service is in the default network, with all services that name no network."
                            </p>
                        }
                    })
            }}
            {move || {
                let others = others.get();
                (!others.is_empty())
                    .then(|| {
                        view! {
                            <select class=CONTROL data-testid="network-join" aria-label="Join a network" on:change=join>
                                <option value="">"Join a network…"</option>
                                {others
                                    .into_iter()
                                    .map(|other| view! { <option value=other.clone()>{other.clone()}</option> })
                                    .collect_view()}
                            </select>
                        }
                    })
            }}
            <NewNetwork name=name.get_value() />
        </div>
    }
}

#[component]
fn NewNetwork(name: String) -> impl IntoView {
    let session = use_session();
    let text = RwSignal::new(String::new());
    let error = Memo::new(move |_| {
        let text = text.get();
        if text.is_empty() { None } else { validate::network_name(text.trim()).err() }
    });
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let network = text.get_untracked().trim().to_owned();
        if !network.is_empty()
            && error.get_untracked().is_none()
            && session.edit(
                Spot::Inspector,
                &[Edit::JoinNetwork { service: name.clone(), network, keep_default: None }],
            )
        {
            text.set(String::new());
        }
    };
    view! {
        <form class="flex gap-2" on:submit=add>
            <input
                type="text"
                class=CONTROL
                data-testid="network-new"
                aria-label="Name of a new network"
                placeholder="New network"
                autocomplete="off"
                spellcheck="false"
                aria-invalid=move || error.get().map(|_| "true")
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            />
            <button type="submit" class=Look::Plain.class() data-testid="network-new-add">
                "Join"
            </button>
        </form>
        <p class="row-error" aria-live="polite">
            {move || error.get().map(|text| view! { <MarkedText text /> })}
        </p>
    }
}
