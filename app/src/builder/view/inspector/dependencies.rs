//! The dependencies of a service: what wires are on the canvas, as a form that also works by keyboard.

use domain::{
    compose::{Condition, Service},
    stack::Edit,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::row::RemoveRow;
use crate::{
    browser,
    builder::state::{
        actions,
        notices::Spot,
        session::{Session, use_session},
    },
    components::CONTROL,
};

const CONDITIONS: [(Condition, &str); 3] =
    [(Condition::Started, "started"), (Condition::Healthy, "healthy"), (Condition::Completed, "done")];

/// The choice of the condition of an existing dependency.
#[component]
pub fn ConditionSelect(
    #[prop(into)] testid: String,
    from: String,
    to: String,
    condition: Signal<Condition>,
) -> impl IntoView {
    let session = use_session();
    let label = format!("When {from} may start after {to}");
    let change = move |event| {
        let chosen = event_target_value(&event);
        let Some((condition, _)) = CONDITIONS.into_iter().find(|(condition, _)| condition.as_str() == chosen)
        else {
            return;
        };
        session.edit(
            Spot::Inspector,
            &[Edit::AddDependency { service: from.clone(), on: to.clone(), condition }],
        );
    };
    view! {
        <select class=CONTROL data-testid=testid aria-label=label on:change=change>
            {CONDITIONS
                .into_iter()
                .map(|(option, text)| {
                    view! {
                        <option value=option.as_str() selected=move || condition.get() == option>
                            {text}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

#[component]
pub fn Dependencies(name: String, service: Memo<Option<Service>>) -> impl IntoView {
    let session = use_session();
    let name = StoredValue::new(name);
    let depended = Memo::new(move |_| {
        service.with(|service| {
            let dependencies = service.iter().flat_map(|service| &service.depends_on);
            dependencies.map(|dependency| dependency.service.clone()).collect::<Vec<_>>()
        })
    });
    let others = Memo::new(move |_| {
        let own = name.get_value();
        session.document.read(|stack| {
            stack
                .model()
                .services
                .iter()
                .map(|service| service.name.clone())
                .filter(|other| *other != own && !depended.with(|depended| depended.contains(other)))
                .collect::<Vec<_>>()
        })
    });
    let add = move |event: leptos::ev::Event| {
        let to = event_target_value(&event);
        if to.is_empty() {
            return;
        }
        let from = name.get_value();
        let selection = session.selection.now.get_untracked();
        actions::connect(session, Spot::Inspector, &from, &to);
        // `connect` selects the wire, which would replace this form.
        session.select(selection);
        // Resets the field to its first option, whether the edit was refused or not.
        if let Some(select) =
            event.target().and_then(|target| target.dyn_into::<web_sys::HtmlSelectElement>().ok())
        {
            select.set_value("");
        }
        request_animation_frame(|| browser::focus("inspector-depends-on-add"));
    };
    view! {
        <fieldset class="flex min-w-0 flex-col gap-1">
            <legend class="mb-1 text-body font-medium">"Depends on"</legend>
            <For each=move || depended.get() key=Clone::clone let:on>
                <Dependency name=name.get_value() on service session />
            </For>
            {move || {
                let others = others.get();
                (!others.is_empty())
                    .then(|| {
                        view! {
                            <select
                                id="inspector-depends-on-add"
                                data-testid="inspector-depends-on-add"
                                class=CONTROL
                                aria-label="Add a service it depends on"
                                on:change=add
                            >
                                <option value="">"Connect to…"</option>
                                {others
                                    .into_iter()
                                    .map(|other| view! { <option value=other.clone()>{other.clone()}</option> })
                                    .collect_view()}
                            </select>
                        }
                    })
            }}
            {move || {
                (others.with(Vec::is_empty) && depended.with(Vec::is_empty))
                    .then(|| view! { <p class="text-caption text-muted">"There are no other services yet."</p> })
            }}
        </fieldset>
    }
}

#[component]
fn Dependency(name: String, on: String, service: Memo<Option<Service>>, session: Session) -> impl IntoView {
    let condition = {
        let on = on.clone();
        Signal::derive(move || {
            service.with(|service| {
                service
                    .as_ref()
                    .and_then(|service| service.depends_on(&on))
                    .map(|on| on.condition)
                    .unwrap_or_default()
            })
        })
    };
    let (from, to) = (name.clone(), on.clone());
    view! {
        <div class="flex items-center gap-1">
            <span class="min-w-0 flex-1 font-mono wrap-anywhere">{on.clone()}</span>
            <div class="w-28">
                <ConditionSelect testid=format!("inspector-depends-on-{on}-condition") from=name to=on.clone() condition />
            </div>
            <RemoveRow
                testid=format!("inspector-depends-on-{on}-remove")
                label=format!("No longer depend on {on}")
                on_remove=Callback::new(move |()| actions::remove_wire(session, Spot::Inspector, &from, &to))
            />
        </div>
    }
}
