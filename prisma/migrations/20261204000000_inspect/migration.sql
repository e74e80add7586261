-- Who may ask what somebody else may do (issue 12): owners and admins, of the people and the scopes that it reaches.
SELECT heimdall_register_actions('permission', ARRAY['inspect']);
