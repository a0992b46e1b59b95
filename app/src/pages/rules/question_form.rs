//! The form that asks the rules: subject, method and path.

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
    [("", "whatever it is"), ("role", "a role"), ("user", "a user"), ("client", "an API client")];

#[component]
pub(super) fn QuestionForm(query: RulesQuery, subjects: Vec<String>) -> impl IntoView {
    let own = |(value, words): (&str, &str)| (value.to_owned(), words.to_owned());
    let method = if query.method.is_empty() { "GET".to_owned() } else { query.method.to_uppercase() };
    let methods = METHODS.map(|method| own((method, method))).to_vec();
    let kinds = KINDS.map(own).to_vec();
    let (kind, role) = (query.kind, query.role);
    let mut roles = vec![own(("", "the one that is known"))];
    roles.extend(subjects.iter().map(|subject| (subject.clone(), subject.clone())));
    let options =
        subjects.into_iter().map(|subject| view! { <option value=subject></option> }).collect_view();
    view! {
        <Form method="get" action=PAGE attr:class="grid gap-3 rounded-panel bg-panel p-4 hairline sm:grid-cols-6">
            <div class="sm:col-span-2">
                <Field id="subject" label="Who" help="A role like group_user, the id of a user or of an API client, anonym for strangers">
                    <input
                        id="subject"
                        name="subject"
                        type="text"
                        list="subjects"
                        value=query.subject
                        required=true
                        maxlength="128"
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        class=format!("{CONTROL} font-mono")
                        aria-describedby="subject-help subject-error"
                    />
                    <datalist id="subjects">{options}</datalist>
                </Field>
            </div>
            <div class="sm:col-span-2">
                <Select id="kind" label="Is" name="kind" options=kinds value=Signal::stored(kind) />
            </div>
            <div class="sm:col-span-2">
                <Select
                    id="role"
                    label="With the role"
                    name="role"
                    options=roles
                    value=Signal::stored(role)
                    help="Of a user only, who may have signed in long ago or never"
                />
            </div>
            <div class="sm:col-span-2">
                <Select id="method" label="Method" name="method" options=methods value=Signal::stored(method) />
            </div>
            <div class="sm:col-span-3">
                <TextInput id="path" label="Path" name="path" value=query.path placeholder="/project/7" max_length=2000 mono=true />
            </div>
            <div class="flex items-end">
                <Button look=Look::Primary kind="submit">
                    "Ask"
                </Button>
            </div>
        </Form>
    }
}
