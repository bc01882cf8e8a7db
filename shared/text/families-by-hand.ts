import type { GuideStep } from '../profile.ts';

/** One thing a hand does, as a sentence without its full stop. */
export function guideStepText(step: GuideStep): string {
  switch (step.verb) {
    case 'press':
      return `Press the ${step.control}`;
    case 'hold':
      return `Hold the ${step.control}`;
    case 'let-go':
      return `Let go of the ${step.control}`;
    case 'unplug':
      return 'Unplug it';
    case 'plug-in':
      return 'Plug it in';
    case 'switch-off':
      return 'Switch its power off';
    case 'switch-on':
      return 'Switch its power on';
    case 'set-switch':
      return `Move the ${step.control} to ${step.to}`;
    case 'close-jumper':
      return `Close the jumper ${step.control}`;
    case 'open-jumper':
      return `Open the jumper ${step.control}`;
    case 'choose-on-screen':
      return `Choose ${step.path.join(', then ')} on its screen`;
    case 'wait':
      return 'Wait a moment';
    case 'do-not-unplug':
      return 'Leave it plugged in';
  }
}
