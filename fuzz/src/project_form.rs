//! Project forms of existing clients: created from a form, read back, and updated by a second one after a byte 0xff.

use crate::pieces;
use domain::form::{Form, extras, of_stack, to_stack, update};

/// Panics if something is wrong.
pub fn run(bytes: &[u8]) {
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
}
