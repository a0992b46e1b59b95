//! The panel of one selected service, with its tabs.

use leptos::prelude::*;

use super::{
    advanced::Advanced,
    general::General,
    health::Health,
    networks::Networks,
    pairs::{Environment, Labels},
    ports::Ports,
    resources::Resources,
    volumes::Volumes,
};
use crate::{
    builder::{
        model::selection::Selection,
        state::{actions, notices::Spot, session::use_session},
        view::{
            app_sign::{AppSign, sign_of},
            deploy::LiveService,
        },
    },
    components::{Icon, Look, Sign, Tab, TabPanel, Tabs},
};

const TABS: [Tab; 9] = [
    Tab { id: "general", label: "General" },
    Tab { id: "environment", label: "Environment" },
    Tab { id: "ports", label: "Ports" },
    Tab { id: "volumes", label: "Volumes" },
    Tab { id: "networks", label: "Networks" },
    Tab { id: "health", label: "Health" },
    Tab { id: "resources", label: "Resources" },
    Tab { id: "labels", label: "Labels" },
    Tab { id: "advanced", label: "Advanced" },
];

#[component]
pub fn ServicePanel(name: String) -> impl IntoView {
    let session = use_session();
    let service = session.document.service(&name);
    let name = StoredValue::new(name);
    let own = move || name.get_value();
    view! {
        <div class="inspector-head">
            <span class="text-muted">
                <AppSign path=sign_of(session, &own()) />
            </span>
            <h2 class="min-w-0 flex-1 text-lead font-semibold wrap-anywhere">{own()}</h2>
            <button
                type="button"
                class=Look::Icon.class()
                data-testid="inspector-duplicate"
                aria-label="Duplicate this service"
                title="Duplicate (Ctrl+D)"
                on:click=move |_| actions::duplicate(session, Spot::Inspector, &own())
            >
                <Icon sign=Sign::Copy />
            </button>
            <button
                type="button"
                class=Look::Icon.class()
                data-testid="inspector-remove"
                aria-label="Remove this service"
                title="Remove (Delete)"
                on:click=move |_| actions::remove_services(session, Spot::Inspector, vec![own()])
            >
                <Icon sign=Sign::Trash />
            </button>
            <button
                type="button"
                class=Look::Icon.class()
                data-testid="inspector-close"
                aria-label="Close"
                on:click=move |_| session.select(Selection::Nothing)
            >
                <Icon sign=Sign::Close />
            </button>
        </div>
        <LiveService name=own() />
        <Tabs label=format!("Settings of {}", own()) tabs=&TABS selected=session.panels.tab />
        <div class="inspector-body">
            <TabPanel id="general" selected=session.panels.tab>
                <General name=own() service />
            </TabPanel>
            <TabPanel id="environment" selected=session.panels.tab>
                <Environment name=own() service />
            </TabPanel>
            <TabPanel id="ports" selected=session.panels.tab>
                <Ports name=own() service />
            </TabPanel>
            <TabPanel id="volumes" selected=session.panels.tab>
                <Volumes name=own() service />
            </TabPanel>
            <TabPanel id="networks" selected=session.panels.tab>
                <Networks name=own() service />
            </TabPanel>
            <TabPanel id="health" selected=session.panels.tab>
                <Health name=own() service />
            </TabPanel>
            <TabPanel id="resources" selected=session.panels.tab>
                <Resources name=own() service />
            </TabPanel>
            <TabPanel id="labels" selected=session.panels.tab>
                <Labels name=own() service />
            </TabPanel>
            <TabPanel id="advanced" selected=session.panels.tab>
                <Advanced name=own() />
            </TabPanel>
        </div>
    }
}
