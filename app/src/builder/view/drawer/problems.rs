//! All findings as a list: message, place, and a button that applies the fix.

use domain::check::{Finding, Fix, Severity};
use leptos::prelude::*;

use crate::{
    builder::{
        model::selection::Selection,
        state::{
            notices::Spot,
            session::{Session, use_session},
        },
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
    // Sorted by severity, then by place in the text.
    let sorted = Memo::new(move |_| {
        let mut findings = session.document.findings.get();
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
        // The deploy dialog also lists problems, and would cover the text.
        session.operation.deploying.set(false);
        session.panels.edit_text_at(place);
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

/// The button that applies the fix of a finding, if there is a fix, and the one that fixes all findings of its kind.
#[component]
pub fn FixButton(finding: Finding, session: Session, spot: Spot) -> impl IntoView {
    let code = finding.code;
    let has_others = {
        let code = code.clone();
        Memo::new(move |_| {
            let findings = session.document.findings;
            findings.with(|all| all.iter().filter(|one| one.code == code).count() > 1)
        })
    };
    let button = move |fix: Fix, testid: String| {
        let edit = fix.edit;
        view! {
            <button
                type="button"
                class="fix"
                data-testid=testid
                on:click=move |_| {
                    session.edit(spot, std::slice::from_ref(&edit));
                }
            >
                {fix.label}
            </button>
        }
    };
    let (testid, all) = (format!("fix-all-{code}"), finding.fix_all);
    view! {
        {finding.fix.map(|fix| button(fix, format!("fix-{code}")))}
        {move || all.clone().filter(|_| has_others.get()).map(|fix| button(fix, testid.clone()))}
    }
}
