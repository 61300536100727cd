//! What every command starts from: the options, the project, the connections.

use std::time::Duration;

use edgeseal_rehearsal::{Config, Organization, Rehearsal};

use crate::adapters::aws::{Settings, connect};
use crate::cli::Global;
use crate::error::{Code, Error, Result};
use crate::project::Project;
use crate::session::{Pace, Session, Stop};
use crate::ui::Ui;

/// The account of the rehearsal catalog when the manifest names none.
const REHEARSAL_ACCOUNT: &str = "123456789012";
/// Its region when none is named.
pub(crate) const REHEARSAL_REGION: &str = "us-east-1";

/// How a command ended when it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// As wished.
    Fine,
    /// Changes are pending, and the exit code shall tell.
    ChangesPending,
}

/// Options and output of a run.
#[derive(Clone, Debug)]
pub struct App {
    /// Options of every command.
    pub global: Global,
    /// Output.
    pub ui: Ui,
    /// Set by Ctrl-C.
    pub stop: Stop,
}

/// Sessions, and the rehearsal catalog that serves them, if any.
pub struct Connection {
    /// One session for each region.
    pub sessions: Vec<Session>,
    rehearsal: Option<Rehearsal>,
}

impl Connection {
    /// The only session.
    ///
    /// # Errors
    /// `usage` when there are several regions.
    pub fn only(&self) -> Result<&Session> {
        match self.sessions.as_slice() {
            [session] => Ok(session),
            sessions => {
                let message = format!("this command works in one region, and {} are set", sessions.len());
                Err(Error::new(Code::Usage, message).with_help("Choose one with --region."))
            }
        }
    }

    /// Stops the rehearsal catalog.
    pub async fn close(self) {
        if let Some(rehearsal) = self.rehearsal {
            rehearsal.shutdown().await;
        }
    }
}

impl App {
    /// Reads the project, and refuses one whose published versions changed.
    ///
    /// # Errors
    /// Whatever is wrong with any file.
    pub fn project(&self) -> Result<Project> {
        let project = Project::load(&self.global.manifest)?;
        let changed = project.changed_versions();
        if !changed.is_empty() {
            return Err(Error::gather(Code::VersionChanged, "published versions changed", changed));
        }
        Ok(project)
    }

    /// Connects to every region of the project.
    ///
    /// # Errors
    /// `no-credentials`, `no-region`, `wrong-account` or `rehearsal-failed`.
    pub async fn connect(&self, project: &Project) -> Result<Connection> {
        let manifest = &project.file.manifest;
        let account = manifest.account.as_ref().map(|account| account.value.clone());
        let mut regions = self.global.region.clone();
        if regions.is_empty() {
            regions = manifest.regions.iter().map(|region| region.value.clone()).collect();
        }
        self.connect_to(account, regions).await
    }

    /// Connects to regions.
    ///
    /// # Errors
    /// As [`App::connect`].
    pub async fn connect_to(&self, account: Option<String>, mut regions: Vec<String>) -> Result<Connection> {
        let mut settings = Settings {
            profile: self.global.profile.clone(),
            endpoint_url: self.global.endpoint_url.clone(),
            attempts: self.global.attempts,
            ..Settings::default()
        };
        let mut rehearsal = None;
        if self.global.rehearse {
            let own = account.clone().unwrap_or_else(|| REHEARSAL_ACCOUNT.to_owned());
            let started = self.start_rehearsal(&own, 0, true).await?;
            settings.endpoint_url = Some(started.endpoint());
            settings.static_account = Some(own);
            rehearsal = Some(started);
            if regions.is_empty() {
                regions.push(REHEARSAL_REGION.to_owned());
            }
        }
        let pace = self.pace();
        let connected = connect(&settings, &regions).await?;
        let sessions = connected.iter().enumerate();
        let sessions: Vec<Session> = sessions
            .map(|(index, aws)| Session { keeps_roles: index == 0, ..Session::new(aws, pace, self.stop.clone()) })
            .collect();
        let expected = self.global.expect_account.clone().or(account);
        for session in &sessions {
            if let Some(expected) = expected.as_ref().filter(|expected| **expected != session.target.account) {
                let message = format!("the credentials belong to account {}, not {expected}", session.target.account);
                return Err(Error::new(Code::WrongAccount, message));
            }
        }
        for session in sessions.iter().filter(|_| !self.ui.json) {
            self.ui.header(session, self.global.rehearse);
        }
        Ok(Connection { sessions, rehearsal })
    }

    /// Starts the rehearsal catalog on the folder of the options.
    ///
    /// With `open_access`, whoever calls may launch; otherwise principals decide, as on AWS.
    ///
    /// # Errors
    /// `rehearsal-failed`.
    pub async fn start_rehearsal(&self, account: &str, port: u16, open_access: bool) -> Result<Rehearsal> {
        let config = Config {
            state_dir: Some(self.global.rehearsal_dir.clone()),
            account: account.to_owned(),
            port,
            open_access,
            organization: Organization { access_enabled: true, ..Organization::default() },
            // With stacks made elsewhere, roles would be looked up there, where nobody has made them.
            check_launch_roles: self.global.cloudformation_endpoint.is_none(),
            cloudformation_endpoint: self.global.cloudformation_endpoint.clone(),
            ..Config::default()
        };
        Rehearsal::builder()
            .config(config)
            .build()
            .await
            .map_err(|error| Error::new(Code::RehearsalFailed, format!("the rehearsal catalog: {error}")))
    }

    /// How patient to be. A rehearsal settles at once, so looking often costs nothing.
    fn pace(&self) -> Pace {
        let pace = Pace {
            timeout: Duration::from_secs(self.global.timeout),
            lock_timeout: Duration::from_secs(self.global.lock_timeout),
            ..Pace::default()
        };
        if self.global.rehearse {
            return Pace { first: Duration::from_millis(20), longest: Duration::from_millis(200), ..pace };
        }
        pace
    }

    /// Asks before something changes.
    ///
    /// # Errors
    /// `needs-yes` without a terminal, `declined` when the answer is another.
    pub fn confirm(&self, yes: bool, question: &str, answer: &str) -> Result<()> {
        if yes {
            return Ok(());
        }
        if !self.ui.can_ask() {
            return Err(Error::new(Code::NeedsYes, "this changes something, and there is no terminal to ask on"));
        }
        self.ui.note(&format!("{question} Only `{answer}` is accepted."));
        let mut line = String::new();
        let read = std::io::stdin().read_line(&mut line);
        if read.is_ok() && line.trim() == answer {
            return Ok(());
        }
        Err(Error::new(Code::Declined, "nothing was changed"))
    }
}
