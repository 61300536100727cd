//! The log of requests, which a test reads to count calls. It holds no parameters.

use std::collections::VecDeque;

use serde::Serialize;

/// The newest requests that are kept.
const CAPACITY: usize = 100_000;

/// One request.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogEntry {
    /// The operation, with its service before a colon when it is not Service Catalog.
    pub operation: String,
    /// The caller's account; empty for a request whose caller is not known.
    pub account: String,
    /// The region of the credential scope.
    pub region: String,
    /// The HTTP status; 0 when the connection was dropped without an answer.
    pub status: u16,
    /// The error code of the answer; empty when it succeeded.
    pub code: String,
    /// The id in the answer's headers.
    pub request_id: String,
}

/// The requests since the start or since the log was cleared.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: VecDeque<LogEntry>,
}

impl RequestLog {
    pub(crate) fn push(&mut self, entry: LogEntry) {
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    pub(crate) fn entries(&self) -> Vec<LogEntry> {
        self.entries.iter().cloned().collect()
    }
}
