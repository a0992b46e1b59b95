//! The form for checking a request: subject, method and path. What is rarely needed is folded away.

use leptos::prelude::*;
use leptos_router::components::Form;

use super::address::PAGE;
use crate::{
    components::{Button, CONTROL, Field, Look, Select, TextInput},
    rpc::rules::RulesQuery,
};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
/// The ways to interpret the subject: values and texts of the selection.
const KINDS: [(&str, &str); 4] =
    [("", "Detect automatically"), ("role", "Role"), ("user", "User"), ("client", "API client")];

#[component]
pub(super) fn QuestionForm(query: RulesQuery, subjects: Vec<String>) -> impl IntoView {
    let own = |(value, words): (&str, &str)| (value.to_owned(), words.to_owned());
    let method = if query.method.is_empty() { "GET".to_owned() } else { query.method.to_uppercase() };
    let methods = METHODS.map(|method| own((method, method))).to_vec();
    let kinds = KINDS.map(own).to_vec();
    let (kind, role) = (query.kind, query.role);
    let is_special = !kind.is_empty() || !role.is_empty();
    let mut roles = vec![own(("", "Role of the last sign-in"))];
    roles.extend(subjects.iter().map(|subject| (subject.clone(), subject.clone())));
    let options =
        subjects.into_iter().map(|subject| view! { <option value=subject></option> }).collect_view();
    view! {
        <Form method="get" action=PAGE attr:class="flex flex-col gap-3 rounded-panel bg-panel p-4 hairline">
            <div class="grid gap-3 sm:grid-cols-[minmax(0,3fr)_8rem_minmax(0,3fr)_auto]">
                <Field id="subject" label="Subject" help="A role, a user id or an API client id; “anonym” for requests without credentials">
                    <input
                        id="subject"
                        name="subject"
                        type="text"
                        list="subjects"
                        value=query.subject
                        required=true
                        maxlength="128"
                        placeholder="group_user"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        class=format!("{CONTROL} font-mono")
                        aria-describedby="subject-help subject-error"
                    />
                    <datalist id="subjects">{options}</datalist>
                </Field>
                <Select id="method" label="Method" name="method" options=methods value=Signal::stored(method) />
                <TextInput
                    id="path"
                    label="Path"
                    name="path"
                    value=query.path
                    placeholder="/project/7"
                    max_length=2000
                    mono=true
                    help="Leave empty to list everything that the subject may do"
                />
                <div class="sm:pt-6">
                    <Button look=Look::Primary kind="submit">
                        "Check"
                    </Button>
                </div>
            </div>
            <details open=is_special>
                <summary class="w-fit cursor-pointer text-muted">"More options"</summary>
                <div class="grid gap-3 pt-3 sm:grid-cols-2">
                    <Select
                        id="kind"
                        label="The subject is"
                        name="kind"
                        options=kinds
                        value=Signal::stored(kind)
                        help="Needed only if a role, a user and a client have the same name"
                    />
                    <Select
                        id="role"
                        label="Role of the user"
                        name="role"
                        options=roles
                        value=Signal::stored(role)
                        help="Needed only for a user who has never signed in here"
                    />
                </div>
            </details>
        </Form>
    }
}
