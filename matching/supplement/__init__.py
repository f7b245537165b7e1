"""What a supplement draft (补录) goes through: steps, suggestions from history, attachments, tasks, endings.

`matching.drafts` is the face of this folder; nothing outside calls a step of `workflow` directly.
"""
