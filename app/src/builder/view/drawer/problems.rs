//! All findings as a list: what, where, and the button that mends it.

use domain::check::{Finding, Severity};
use leptos::prelude::*;

use crate::{
    builder::{
        model::selection::Selection,
        state::session::{Reveal, Session, Spot, use_session},
        view::{notices::RefusalAt, prose::Prose},
    },
    components::{Icon, Tone},
};

pub fn tone_of(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warn,
        Severity::Hint => Tone::Neutral,
    }
}

fn word_for(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Hint => "Hint",
    }
}

#[component]
pub fn Problems() -> impl IntoView {
    let session = use_session();
    // By severity, then as in the text.
    let sorted = Memo::new(move |_| {
        let mut findings = session.findings.get();
        findings.sort_by_key(|finding| (finding.severity, finding.place.start));
        findings.into_iter().enumerate().collect::<Vec<_>>()
    });
    view! {
        <RefusalAt spot=Spot::Problems />
        {move || {
            sorted
                .with(Vec::is_empty)
                .then(|| view! { <p class="text-muted">"None: this file says what it should."</p> })
        }}
        <ul class="flex flex-col">
            <For
                each=move || sorted.get()
                key=|(number, finding)| (*number, finding.code.clone(), finding.place, finding.message.clone())
                let:entry
            >
                <Problem finding=entry.1 />
            </For>
        </ul>
    }
}

#[component]
pub fn Problem(finding: Finding) -> impl IntoView {
    let session = use_session();
    let tone = tone_of(finding.severity);
    let place = finding.place;
    let whose = match &finding.service {
        Some(service) => format!("{service}, line {}", finding.position.line),
        None => format!("line {}", finding.position.line),
    };
    let service = finding.service.clone();
    let (testid, message) = (format!("finding-{}", finding.code), finding.message.clone());
    let show = move |_| {
        if let Some(service) = &service {
            session.select(Selection::service(service));
        }
        // It may have been listed there.
        session.operation.deploying.set(false);
        session.drawer_tab.set("compose");
        session.reveal.set(Some(Reveal { place, take_focus: true }));
    };
    view! {
        <li class="problem" data-testid=testid>
            <span class=format!("mt-0.5 {}", tone.ink()) title=word_for(finding.severity)>
                <Icon sign=tone.sign() size=14 />
                <span class="sr-only">{word_for(finding.severity)}</span>
            </span>
            <div class="min-w-0 flex-1 wrap-anywhere">
                <p>
                    <Prose text=message />
                </p>
                <p class="flex flex-wrap items-center gap-x-3">
                    <button type="button" class="text-caption text-muted underline" on:click=show>
                        {whose}
                    </button>
                    <FixButton finding session spot=Spot::Problems />
                </p>
            </div>
        </li>
    }
}

/// The fix that comes with a finding, where one does.
#[component]
pub fn FixButton(finding: Finding, session: Session, spot: Spot) -> impl IntoView {
    let code = finding.code;
    finding.fix.map(|fix| {
        let edit = fix.edit;
        view! {
            <button
                type="button"
                class="fix"
                data-testid=format!("fix-{code}")
                on:click=move |_| {
                    session.edit(spot, std::slice::from_ref(&edit));
                }
            >
                {fix.label}
            </button>
        }
    })
}
