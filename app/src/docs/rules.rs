//! `/docs/rules` and `/docs/rules/CODE`: what a code means, why it matters, and a wrong and a correct example.

use domain::check::{
    Severity, known_code,
    pages::{CHAPTERS, Page, page},
};
use leptos::prelude::*;

use super::frame::whole_page;
use crate::{components::MarkedText, theme::Theme};

/// The list of all codes, by chapter.
pub fn list(options: &LeptosOptions, theme: Theme) -> String {
    whole_page("Check rules of Stacker", options, theme, || {
        let chapters = CHAPTERS.iter().map(|chapter| {
            let lines = chapter.pages.iter().map(|page| {
                view! {
                    <li class="flex flex-col">
                        <a href=format!("/docs/rules/{}", page.code) class="w-fit font-mono underline">
                            {page.code}
                        </a>
                        <span class="text-muted">
                            <MarkedText text=page.what />
                        </span>
                    </li>
                }
            });
            view! {
                <section class="flex flex-col gap-2">
                    <h2 class="text-lead font-semibold">{chapter.title}</h2>
                    <ul class="flex flex-col gap-2">{lines.collect_view()}</ul>
                </section>
            }
        });
        view! {
            <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-3xl flex-col gap-8 px-4 py-6">
                <div class="flex flex-col gap-2">
                    <h1 class="text-title font-semibold">"Check rules"</h1>
                    <p>
                        <MarkedText text="What the builder, `stacker check`, the language server and `POST /check` report about a compose file. A code never changes its meaning." />
                    </p>
                </div>
                {chapters.collect_view()}
            </main>
        }
        .into_any()
    })
}

/// The page of one code; `None` if there is no such code.
pub fn of_code(code: &str, options: &LeptosOptions, theme: Theme) -> Option<String> {
    let page = page(code)?;
    let title = format!("{code}: check rules of Stacker");
    Some(whole_page(&title, options, theme, || view! { <OfCode page=*page /> }.into_any()))
}

#[component]
fn OfCode(page: Page) -> impl IntoView {
    let code = known_code(page.code);
    let profiles = code.map(|code| code.profiles().map(|profile| profile.as_str()).collect::<Vec<_>>());
    let severity = match page.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Hint => "Hint",
    };
    let objects = match code.map(|code| code.basis) {
        Some(domain::check::Basis::Compose) => "Compose rejects such a file.",
        Some(domain::check::Basis::Runtime) => {
            "Compose accepts such a file, but the stack fails or is cut off when it starts."
        }
        _ => "The stack starts. This is advice.",
    };
    let switch = code.filter(|code| !code.is_fixed()).map(|_| {
        let comment = format!("Add `# stacker: ignore {}: the reason` behind the line or above it, or set the code in `.stacker.yaml`. \
            This changes only what is reported: the policy of a host and the checks before a deployment ignore it.", page.code);
        view! { <Part title="Switch it off" text=comment /> }
    });
    let examples = (!page.wrong.is_empty()).then(|| {
        view! {
            <Example title="Wrong" text=page.wrong />
            <Example title="Correct" text=page.right />
        }
    });
    view! {
        <main id="main" tabindex="-1" class="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 py-6">
            <div class="flex flex-col gap-2">
                <h1 class="font-mono text-title font-semibold wrap-anywhere">{page.code}</h1>
                <p>
                    <MarkedText text=page.what />
                </p>
                <p class="text-muted">
                    {format!("{severity}. {objects} Profiles: {}.", profiles.unwrap_or_default().join(", "))}
                </p>
            </div>
            <Part title="Why it matters" text=page.why.to_owned() />
            <Part title="How to fix it" text=page.how.to_owned() />
            {(!page.fix.is_empty()).then(|| view! { <Part title="Automatic fix" text=page.fix.to_owned() /> })}
            {switch}
            {examples}
        </main>
    }
}

#[component]
fn Part(title: &'static str, text: String) -> impl IntoView {
    view! {
        <section class="flex flex-col gap-1">
            <h2 class="text-lead font-semibold">{title}</h2>
            <p>
                <MarkedText text />
            </p>
        </section>
    }
}

#[component]
fn Example(title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <section class="flex flex-col gap-1">
            <h2 class="text-lead font-semibold">{title}</h2>
            <pre tabindex="0" class="overflow-x-auto rounded-panel border border-line bg-sunken p-3 font-mono text-body">{text}</pre>
        </section>
    }
}
