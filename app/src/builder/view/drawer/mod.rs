//! The drawer under the canvas: the compose file and its problems.

mod checks;
mod editor;
mod marks;
mod problems;

use leptos::prelude::*;

pub use self::problems::Problem;

use self::{editor::Editor, problems::Problems};
use super::grip::{Edge, Grip};
use crate::{
    builder::{
        model::problems::counted,
        state::{panel_sizes, session::use_session},
    },
    components::{Icon, Look, Sign},
};

#[component]
pub fn Drawer() -> impl IntoView {
    let session = use_session();
    let sizes = session.panels.sizes;
    let counts = Memo::new(move |_| session.document.findings.with(|findings| counted(findings)));
    let tab = move |id: &'static str, label: Signal<String>| {
        view! {
            <button
                type="button"
                class="drawer-tab"
                data-testid=format!("drawer-{id}")
                aria-pressed=move || if session.panels.drawer_tab.get() == id { "true" } else { "false" }
                on:click=move |_| {
                    session.panels.drawer_tab.set(id);
                    sizes.drawer_open.set(true);
                }
            >
                {move || label.get()}
            </button>
        }
    };
    let toggle_label =
        move || if sizes.drawer_open.get() { "Hide the compose file" } else { "Show the compose file" };
    view! {
        <section class="drawer" class:drawer-closed=move || !sizes.drawer_open.get() aria-label="Compose file">
            <Grip
                edge=Edge::Top
                label="Height of the compose file"
                testid="drawer-grip"
                size=sizes.drawer
                limits=panel_sizes::DRAWER
                on_resize=move |()| sizes.drawer_open.set(true)
            />
            <div class="drawer-head">
                {tab("compose", Signal::stored("Compose file".to_owned()))}
                {tab("problems", counts.into())}
                <button
                    type="button"
                    class=format!("{} ml-auto", Look::Icon.class())
                    data-testid="drawer-toggle"
                    aria-label=toggle_label
                    aria-expanded=move || if sizes.drawer_open.get() { "true" } else { "false" }
                    on:click=move |_| sizes.drawer_open.update(|open| *open = !*open)
                >
                    <span class="drawer-toggle-sign">
                        <Icon sign=Sign::ChevronDown />
                    </span>
                </button>
            </div>
            <div class="drawer-body" hidden=move || session.panels.drawer_tab.get() != "compose">
                <Editor />
            </div>
            <div class="drawer-body overflow-auto p-3" hidden=move || session.panels.drawer_tab.get() != "problems">
                <Problems />
            </div>
        </section>
    }
}
