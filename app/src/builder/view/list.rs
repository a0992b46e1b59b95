//! The stack as a list, for phones, for screen readers and without scripts. Every action of the canvas can be started here
//! too.

use leptos::prelude::*;

use super::{
    app_sign::{AppSign, sign_of},
    deploy::LiveLine,
    notices::RefusalAt,
};
use crate::{
    browser,
    builder::{
        model::picture::{self, Node},
        state::{actions, notices::Spot, session::use_session},
    },
    components::{EmptyState, Icon, Look, Sign},
};

#[component]
pub fn ServiceList() -> impl IntoView {
    let session = use_session();
    let empty = Memo::new(move |_| session.document.picture.with(|picture| picture.nodes.is_empty()));
    view! {
        <section class="service-list" aria-label="Services" data-testid="service-list">
            {move || {
                empty
                    .get()
                    .then(|| {
                        view! {
                            <EmptyState
                                title="No services yet"
                                text="Add an app from the catalogue, or import a compose file. WordPress with MariaDB is a good first stack."
                            />
                        }
                    })
            }}
            <ul class="flex flex-col gap-2">
                <For
                    each=move || session.document.picture.with(|picture| picture.nodes.clone())
                    key=|node| node.service.clone()
                    let:node
                >
                    <ListedService name=node.service />
                </For>
            </ul>
            <RefusalAt spot=Spot::Canvas />
        </section>
    }
}

#[component]
fn ListedService(name: String) -> impl IntoView {
    let session = use_session();
    let node = {
        let name = name.clone();
        Memo::new(move |_| session.document.picture.with(|picture| picture.node(&name).cloned()))
    };
    let needs = {
        let name = name.clone();
        Memo::new(move |_| {
            session.document.picture.with(|picture| {
                picture.wires.iter().filter(|wire| wire.from == name).cloned().collect::<Vec<_>>()
            })
        })
    };
    let selected = {
        let name = name.clone();
        move || session.selection.now.with(|selection| selection.has(&name))
    };
    let of = move |part: fn(&Node) -> String| {
        move || node.with(|node| node.as_ref().map(part).unwrap_or_default())
    };
    let facts = of(|node| {
        let mut facts = Vec::new();
        if !node.ports.is_empty() {
            facts.push(format!("published on {}", node.ports.join(", ")));
        }
        match node.mounts {
            0 => {}
            1 => facts.push("1 volume".to_owned()),
            mounts => facts.push(format!("{mounts} volumes")),
        }
        facts.extend(node.problems());
        facts.join(" · ")
    });
    let (edited, removed) = (name.clone(), name.clone());
    view! {
        <li class="listed-service" class:listed-selected=selected data-testid=format!("list-item-{name}")>
            <span class="mt-0.5 text-muted">
                <AppSign path=sign_of(session, &name) />
            </span>
            <div class="min-w-0 flex-1">
                <h2 class="truncate text-control font-semibold">{name.clone()}</h2>
                <p class="truncate font-mono text-caption text-muted">{of(|node| node.caption.clone())}</p>
                <p class="text-caption text-muted empty:hidden">{facts}</p>
                <LiveLine name=name.clone() class="block py-0.5" />
                <ul class="text-caption text-muted">
                    <For each=move || needs.get() key=|wire| (wire.to.clone(), picture::label(wire)) let:wire>
                        <li>
                            "→ " <span class="font-medium text-ink">{wire.to.clone()}</span> " "
                            <span>{format!("({})", picture::label(&wire))}</span>
                        </li>
                    </For>
                </ul>
            </div>
            <button
                type="button"
                class=Look::Plain.class()
                data-testid=format!("list-edit-{name}")
                aria-label=format!("Edit {name}")
                on:click=move |_| {
                    session.select_service(&edited);
                    request_animation_frame(|| browser::focus("inspector"));
                }
            >
                "Edit"
            </button>
            <button
                type="button"
                class=Look::Icon.class()
                data-testid=format!("list-remove-{name}")
                aria-label=format!("Remove {name}")
                on:click=move |_| actions::remove_services(session, Spot::Canvas, vec![removed.clone()])
            >
                <Icon sign=Sign::Trash />
            </button>
        </li>
    }
}
