//! The panel of a selected wire.

use domain::{
    catalog::{Wire, WireKind},
    compose::Condition,
};
use leptos::prelude::*;

use super::dependencies::ConditionSelect;
use crate::{
    builder::{
        model::picture,
        state::{actions, notices::Spot, session::use_session},
    },
    components::{Button, Look},
};

#[component]
pub fn WirePanel(from: String, to: String) -> impl IntoView {
    let session = use_session();
    let wire = {
        let (from, to) = (from.clone(), to.clone());
        Memo::new(move |_| {
            session
                .document
                .picture
                .with(|picture| picture.wires.iter().find(|wire| wire.from == from && wire.to == to).cloned())
        })
    };
    let condition = Memo::new(move |_| wire.with(|wire| wire.as_ref().and_then(condition_of)));
    let words = move || wire.with(|wire| wire.as_ref().map(picture::label).unwrap_or_default());
    let speaks = move || wire.with(|wire| wire.as_ref().and_then(|wire| wire.speaks));
    let (a, b) = (from.clone(), to.clone());
    let select_end = move |name: &str| {
        let (shown, name) = (name.to_owned(), name.to_owned());
        view! {
            <button type="button" class="font-mono underline" on:click=move |_| session.select_service(&name)>
                {shown}
            </button>
        }
    };
    view! {
        <div class="inspector-head">
            <h2 class="min-w-0 truncate text-lead font-semibold">"Connection"</h2>
        </div>
        <div class="inspector-body flex flex-col gap-3">
            <p class="wrap-anywhere">{select_end(&from)} " " {words} " " {select_end(&to)}</p>
            {move || speaks().map(|kind| view! { <p class="text-muted">"The connection carries " {kind} "."</p> })}
            {move || {
                condition
                    .get()
                    .map(|now| {
                        view! {
                            <label class="flex flex-col gap-1">
                                <span class="font-medium">{format!("Start {a} when {b} is")}</span>
                                <ConditionSelect
                                    testid="wire-condition"
                                    from=a.clone()
                                    to=b.clone()
                                    condition=Signal::stored(now)
                                />
                            </label>
                        }
                    })
            }}
            <div>
                <Button
                    look=Look::Plain
                    attr:data-testid="wire-remove"
                    on:click=move |_| actions::remove_wire(session, Spot::Inspector, &from, &to)
                >
                    "Remove the connection"
                </Button>
            </div>
        </div>
    }
}

fn condition_of(wire: &Wire) -> Option<Condition> {
    match wire.kind {
        WireKind::DependsOn(condition) => Some(condition),
        _ => None,
    }
}
