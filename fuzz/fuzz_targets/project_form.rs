//! Project forms of existing clients: created from a form, read back, and updated by a second one after a byte 0xff.
#![cfg_attr(feature = "link", no_main)]

use domain::form::{Form, extras, of_stack, to_stack, update};
use fuzz::pieces;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let forms: [&[u8]; 2] = pieces(bytes);
    let [first, second] = forms.map(|form| {
        let body = serde_json::from_slice(form).ok()?;
        Form::parse(&body).ok()
    });
    let Some(first) = first else { return };
    let Ok(stack) = to_stack(&first) else { return };
    assert!(stack.is_readable());
    let kept = extras(&first);
    let _ = of_stack(&stack, Some(&kept));
    if let Some(second) = second
        && let Ok(after) = update(&stack, Some(&kept), &second)
    {
        assert!(after.is_readable());
    }
});

/// Lets the target compile without the fuzzing library, so that its types and lints are checked. It does nothing then.
#[cfg(not(feature = "link"))]
fn main() {}
